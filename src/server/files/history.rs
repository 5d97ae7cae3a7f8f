//! The history as a file: the events that the page shows, without its pages (N11). CSV as in RFC 4180, in UTF-8.

use std::{collections::HashMap, io};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use csv::{Terminator, WriterBuilder};
use domain::{ids::UserId, instance::spreadsheets::disarmed};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::{
    auth::{Visitor, Writer, portal::Portal},
    errors::ApiError,
    i18n::{Language, format},
    ops,
    server::{
        files::downloads::{self, CSV, Downloads},
        rest::administration::files,
    },
    ui::shell::assets::Assets,
    views::{
        addresses,
        history::{By, Happened, HistoryPage, HistoryQuery, Named},
    },
};

/// Events that are read at once.
const BATCH: usize = 500;
/// The first line: stable names for programs, in every language.
const COLUMNS: [&str; 13] = [
    "time",
    "event",
    "way",
    "by",
    "ticket",
    "licenses",
    "product",
    "container",
    "person",
    "group",
    "from",
    "to",
    "change",
];

/// The route.
pub fn routes(portal: Portal, assets: Assets) -> Router {
    let downloads = Downloads { portal, assets };
    Router::new()
        .route(addresses::HISTORY_FILE, get(file))
        .with_state(downloads.clone())
        .merge(files::at(&downloads, "/events.csv", get(file)))
}

async fn file(
    State(downloads): State<Downloads>,
    Query(parameters): Query<HashMap<String, String>>,
    visitor: Visitor,
) -> Response {
    let query = HistoryQuery::read(|name| parameters.get(name).map(String::as_str));
    let portal = downloads.portal.clone();
    let begin = async {
        let reader = Writer::of(&visitor).await?.user;
        let first = ops::history::page(&portal.store, reader, &query, BATCH).await?;
        Ok((reader, first))
    };
    let (reader, first) = match begin.await {
        Ok(begin) => begin,
        Err(ApiError::NotLoggedIn) => {
            return Redirect::to(&format!("{}?next={}", addresses::LOGIN, addresses::HISTORY))
                .into_response();
        }
        Err(error) => return downloads.refuse(&visitor, "", &error),
    };
    // Few batches wait for a slow line; who hangs up ends it.
    let (sender, receiver) = mpsc::channel(2);
    let writer = FileWriter {
        portal,
        lang: visitor.language(),
        visitor,
        reader,
        query,
        to: sender,
    };
    tokio::spawn(writer.run(first));
    downloads::named(
        "history.csv",
        CSV,
        Body::from_stream(ReceiverStream::new(receiver)),
    )
}

/// Writes the file, batch by batch, for as long as the reader may read it.
struct FileWriter {
    portal: Portal,
    lang: Language,
    visitor: Visitor,
    reader: UserId,
    query: HistoryQuery,
    to: mpsc::Sender<io::Result<Bytes>>,
}

impl FileWriter {
    async fn run(mut self, first: HistoryPage) {
        let mut lines = vec![COLUMNS.map(str::to_owned)];
        let mut page = first;
        loop {
            lines.extend(page.rows.iter().map(|row| line(self.lang, row)));
            if self.to.send(written(&lines)).await.is_err() || page.next.is_none() {
                return;
            }
            lines.clear();
            self.query.before = page.next;
            page = match self.next().await {
                Ok(page) => page,
                Err(error) => {
                    // The file ends in the middle, and the browser says so.
                    let _ = self.to.send(Err(io::Error::other(error))).await;
                    return;
                }
            };
        }
    }

    async fn next(&self) -> Result<HistoryPage, ApiError> {
        let reader = Writer::of(&self.visitor).await?.user;
        if reader != self.reader {
            return Err(ApiError::NotLoggedIn);
        }
        Ok(ops::history::page(&self.portal.store, reader, &self.query, BATCH).await?)
    }
}

fn line(lang: Language, row: &Happened) -> [String; COLUMNS.len()] {
    fn named<Id>(named: Option<&Named<Id>>, hidden: &str) -> String {
        match named {
            Some(Named::Known(_, name) | Named::Former(name)) => name.clone(),
            Some(Named::Hidden) => hidden.to_owned(),
            None => String::new(),
        }
    }
    let holder = |holder: &Option<_>| {
        let words = holder.as_ref().map(|holder| format::holder(lang, holder));
        words.unwrap_or_default()
    };
    [
        format::machine_time(row.at),
        row.kind.to_string(),
        row.channel.map(|channel| channel.to_string()).unwrap_or_default(),
        match &row.by {
            By::Operator => lang.operator().to_owned(),
            By::Machine => lang.a_machine().to_owned(),
            By::Person(person) => named(Some(person), lang.someone()),
        },
        row.ticket
            .as_ref()
            .map(|(_, code)| code.to_string())
            .unwrap_or_default(),
        row.quantity
            .map(|quantity| quantity.to_string())
            .unwrap_or_default(),
        row.product
            .as_ref()
            .map(|name| format::product(lang, name).to_owned())
            .unwrap_or_default(),
        named(row.container.as_ref(), lang.hidden_container()),
        named(row.person.as_ref(), lang.someone()),
        named(row.group.as_ref(), lang.hidden_group()),
        holder(&row.from),
        holder(&row.to),
        row.change
            .as_ref()
            .map(|change| lang.changed(change))
            .unwrap_or_default(),
    ]
}

/// Lines as CSV (RFC 4180), in which texts stay texts.
///
/// # Errors
/// None, in memory.
pub(crate) fn written<const FIELDS: usize>(lines: &[[String; FIELDS]]) -> io::Result<Bytes> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for line in lines {
        writer.write_record(line.iter().map(|text| disarmed(text).into_owned()))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts_and_fields_stay_fields() -> io::Result<()> {
        let mut line = COLUMNS.map(|_| String::new());
        line[0] = "=1+1".to_owned();
        line[1] = "@SUM(A1)".to_owned();
        line[2] = "a,\"b\"\nc".to_owned();
        line[3] = "Ü - x".to_owned();
        let text = written(&[line])?;
        assert_eq!(
            String::from_utf8_lossy(&text),
            "'=1+1,'@SUM(A1),\"a,\"\"b\"\"\nc\",Ü - x,,,,,,,,,\r\n"
        );
        Ok(())
    }
}
