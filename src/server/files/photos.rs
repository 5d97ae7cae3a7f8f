//! QR codes in photos, as people take them of a screen.

use std::io::Cursor;

use domain::licensing::devices::InvalidExchange;
use image::{GrayImage, ImageReader, Limits, imageops};

/// Most pixels of a picture: those of a good telephone.
const MAX_PIXELS: u64 = 16_000_000;
/// Most memory that decoding one picture takes, in bytes.
const MAX_MEMORY: u64 = 128 * 1024 * 1024;
/// Longest sides at which a code is looked for, in pixels: what is large is blurred less when it is made smaller.
const SIDES: [u32; 2] = [1200, 2000];

/// Whether the bytes begin like a picture that can be read: PNG or JPEG.
#[must_use]
pub fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff")
}

/// The text of the first QR code in a picture. It takes up to some seconds of computing.
///
/// # Errors
/// [`InvalidExchange::TooLarge`], told by the head of the file alone; [`InvalidExchange::NoCode`].
pub fn text_in(bytes: &[u8]) -> Result<String, InvalidExchange> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let read = |reader: std::io::Result<ImageReader<_>>| reader.map_err(|_| InvalidExchange::NoCode);
    let size = read(reader())?.into_dimensions();
    let (width, height) = size.map_err(|_| InvalidExchange::NoCode)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(InvalidExchange::TooLarge);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = read(reader())?;
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| InvalidExchange::NoCode)?.into_luma8();
    let side = width.max(height);
    let smaller = SIDES.into_iter().filter(|most| *most < side);
    smaller
        .chain([side])
        .find_map(|most| code_in(&scaled(&picture, most)))
        .ok_or(InvalidExchange::NoCode)
}

fn scaled(picture: &GrayImage, most: u32) -> GrayImage {
    let side = picture.width().max(picture.height()).max(1);
    let length = |length: u32| {
        let scaled = u64::from(length) * u64::from(most) / u64::from(side);
        u32::try_from(scaled).unwrap_or(most).max(1)
    };
    imageops::thumbnail(picture, length(picture.width()), length(picture.height()))
}

fn code_in(picture: &GrayImage) -> Option<String> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut squares = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        picture.as_raw().get(y * width + x).copied().unwrap_or_default()
    });
    let codes = squares.detect_grids();
    codes
        .iter()
        .find_map(|code| code.decode().ok().map(|(_, text)| text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A photo of a screen: grey, unevenly lit, with the code somewhere in it.
    fn photo(text: &str, square: u32) -> Vec<u8> {
        let code = qrcode::QrCode::new(text).expect("short enough");
        let (width, colors) = (code.width() as u32, code.to_colors());
        let side = (width + 20) * square;
        let picture = GrayImage::from_fn(side, side * 3 / 2, |x, y| {
            let light = 150 + (x * 80 / side) as u8;
            let at = |n: u32| (n / square).checked_sub(10).filter(|n| *n < width);
            let dark = at(x)
                .zip(at(y))
                .is_some_and(|(x, y)| colors.get((y * width + x) as usize) == Some(&qrcode::Color::Dark));
            image::Luma([if dark { light / 4 } else { light }])
        });
        let mut file = Cursor::new(Vec::new());
        picture
            .write_to(&mut file, image::ImageFormat::Jpeg)
            .expect("a picture");
        file.into_inner()
    }

    #[test]
    fn a_code_is_read_from_a_photo() {
        let text = "eyJ0eXAiOiJsaWNlbnNlLXJlcXVlc3Qrand0In0.".repeat(15);
        for square in [6, 20] {
            let photo = photo(&text, square);
            assert!(is_picture(&photo));
            assert_eq!(text_in(&photo).as_deref(), Ok(text.as_str()), "{square}");
        }
    }

    #[test]
    fn what_is_too_large_is_not_decoded() {
        let mut large = Cursor::new(Vec::new());
        GrayImage::new(4001, 4000)
            .write_to(&mut large, image::ImageFormat::Png)
            .expect("a picture");
        // Cut off: its head is enough.
        let head = &large.get_ref()[..100];
        assert_eq!(text_in(head), Err(InvalidExchange::TooLarge));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let mut empty = Cursor::new(Vec::new());
        GrayImage::new(40, 40)
            .write_to(&mut empty, image::ImageFormat::Png)
            .expect("a picture");
        assert!(is_picture(empty.get_ref()));
        assert_eq!(text_in(empty.get_ref()), Err(InvalidExchange::NoCode));
        assert!(!is_picture(b"text"));
        for broken in [&b"\xff\xd8\xff"[..], b"\x89PNG\r\n\x1a\n", b"text", b""] {
            assert_eq!(text_in(broken), Err(InvalidExchange::NoCode));
        }
    }
}

/// Whatever somebody uploads as a photo is answered, and what is drawn is read. More of it: `PROPTEST_CASES=100000`.
#[cfg(test)]
mod fuzz {
    use image::{ImageFormat, Luma};
    use proptest::{prelude::*, sample::Index};

    use super::*;

    /// A code as it is drawn, with some of its squares turned round.
    fn drawn(text: &str, square: u32, turned: &[Index]) -> GrayImage {
        let code = qrcode::QrCode::new(text).expect("short enough");
        let (width, mut colors) = (code.width(), code.to_colors());
        for at in turned {
            let at = at.index(colors.len());
            colors[at] = !colors[at];
        }
        let side = (width as u32 + 8) * square;
        GrayImage::from_fn(side, side, |x, y| {
            let at = |n: u32| {
                (n / square)
                    .checked_sub(4)
                    .map(|n| n as usize)
                    .filter(|n| *n < width)
            };
            let color = at(x).zip(at(y)).map(|(x, y)| colors[y * width + x]);
            Luma([if color == Some(qrcode::Color::Dark) {
                0
            } else {
                255
            }])
        })
    }

    fn file(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).expect("a picture");
        file.into_inner()
    }

    fn format() -> impl Strategy<Value = ImageFormat> {
        prop_oneof![Just(ImageFormat::Png), Just(ImageFormat::Jpeg)]
    }

    proptest! {
        // Each is a picture that is looked at.
        #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.div_ceil(4), ..ProptestConfig::default() })]

        #[test]
        fn what_is_drawn_is_read(text in "[A-Za-z0-9._-]{1,120}", square in 4..8u32, format in format()) {
            let read = text_in(&file(&drawn(&text, square, &[]), format));
            prop_assert_eq!(read, Ok(text));
        }

        /// Squares that were turned round are made good, or the code is refused: no other text is read.
        #[test]
        fn damaged_codes_are_answered(
            text in "[A-Za-z0-9._-]{1,60}",
            turned in prop::collection::vec(any::<Index>(), 0..60),
        ) {
            match text_in(&file(&drawn(&text, 4, &turned), ImageFormat::Png)) {
                Ok(read) => prop_assert!(read == text || turned.len() > 8, "{}", read),
                Err(why) => prop_assert_eq!(why, InvalidExchange::NoCode),
            }
        }

        #[test]
        fn altered_files_are_answered(
            format in format(),
            changes in prop::collection::vec((any::<Index>(), any::<u8>(), 0..3u8), 1..8),
        ) {
            let mut bytes = file(&drawn("eyJ0eXAi.eyJhIjoxfQ.sig", 4, &[]), format);
            for (at, value, kind) in changes {
                let at = at.index(bytes.len());
                match kind {
                    0 => bytes[at] = value,
                    1 => bytes.insert(at, value),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            let _ = text_in(&bytes);
        }

        #[test]
        fn any_bytes_behind_the_head_of_a_picture_are_answered(
            png in any::<bool>(),
            bytes in prop::collection::vec(any::<u8>(), 0..400),
        ) {
            let head: &[u8] = if png { b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" } else { b"\xff\xd8\xff\xe0" };
            prop_assert!(text_in(&[head, &bytes].concat()).is_err());
        }

        #[test]
        fn any_picture_is_answered(width in 1..60u32, height in 1..60u32, noise in any::<u64>(), format in format()) {
            let mut state = noise | 1;
            let picture = GrayImage::from_fn(width, height, |_, _| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                Luma([(state >> 56) as u8])
            });
            prop_assert!(text_in(&file(&picture, format)).is_err());
        }
    }
}
