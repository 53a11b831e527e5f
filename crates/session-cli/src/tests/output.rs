//! What is written, and that a broken output stops the talking only.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use crate::output::Talk;

#[derive(Clone, Default)]
struct Page {
    text: Rc<RefCell<String>>,
    room: Option<usize>,
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = self.text.borrow_mut();
        if self.room.is_some_and(|room| text.len() >= room) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        text.push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn data_and_notes_go_separate_ways() {
    let (data, notes) = (Page::default(), Page::default());
    let mut talk = Talk::new(Box::new(data.clone()), Box::new(notes.clone()));
    talk.data("a result");
    talk.note("a remark");
    talk.json(&["one", "two"]);
    assert_eq!(*data.text.borrow(), "a result\n[\"one\",\"two\"]\n");
    assert_eq!(*notes.text.borrow(), "a remark\n");
}

#[test]
fn the_first_error_ends_the_output_for_good_and_the_other_goes_on() {
    let page = Page {
        room: Some(1),
        ..Page::default()
    };
    let notes = Page::default();
    let mut talk = Talk::new(Box::new(page.clone()), Box::new(notes.clone()));
    talk.data("first");
    talk.data("second");
    page.text.borrow_mut().clear();
    talk.data("third: there is room again, but a gap would mislead");
    talk.note("still here");
    assert_eq!(*page.text.borrow(), "");
    assert_eq!(*notes.text.borrow(), "still here\n");
}
