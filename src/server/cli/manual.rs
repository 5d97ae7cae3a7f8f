//! `license-portal completions` and `man`: what shells and `man` know of the command line, made of the command line itself.

use std::{io::Write, path::PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;

use crate::server::cli::failure::Failure;

/// For which shell.
#[derive(Debug, Clone, Copy, Args)]
pub struct CompletionArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Where manual pages go.
#[derive(Debug, Clone, Args)]
pub struct ManArguments {
    /// Write the pages of all commands into this folder, which is there [default: the first page, to standard output]
    folder: Option<PathBuf>,
}

/// Writes the completions of a shell to standard output.
pub fn complete(mut command: Command, arguments: CompletionArguments) -> Result<(), Failure> {
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut text);
    std::io::stdout().write_all(&text)?;
    Ok(())
}

/// Writes manual pages.
pub fn man(command: Command, arguments: &ManArguments) -> Result<(), Failure> {
    match &arguments.folder {
        Some(folder) => {
            clap_mangen::generate_to(command, folder)
                .map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        None => clap_mangen::Man::new(command).render(&mut std::io::stdout())?,
    }
    Ok(())
}
