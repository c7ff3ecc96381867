//! What a scene came to: the findings that every exercise shares.

use super::{Event, Scene};
use crate::judge::{Fact, Finding, Outcome, Stuck};
use crate::messages::say;

impl Scene {
    /// A finding of the exercise's own.
    pub fn not_yet(
        &mut self,
        key: &'static str,
        facts: &[(&'static str, Fact)],
        misconception: Option<&'static str>,
    ) -> Outcome {
        Outcome::NotYet(Box::new(Finding {
            key,
            facts: facts.to_vec(),
            exchange: std::mem::take(&mut self.exchange),
            misconception,
            stuck: None,
            printed: self.running.end_and_collect(),
        }))
    }

    /// What an event means that no exercise asks for: a panic, a `todo!()`, the
    /// end of the program, no progress, an error, a datagram too many.
    /// `expecting` is the key of what the peers wait for.
    pub fn usual(&mut self, event: Event, expecting: &'static str) -> Outcome {
        let panic = self.running.panic.as_ref();
        let line = panic.map_or(0, |p| p.line);
        let message = panic.map(|p| p.message.clone()).unwrap_or_default();
        let todo = message.starts_with("not yet implemented");
        let panic: [(&'static str, Fact); 2] = [("line", line.into()), ("message", message.into())];
        match event {
            Event::Unwound { waiting } if todo => {
                let untouched = self.calls == 1
                    && self.heard == 0
                    && waiting == self.sent
                    && self.tcp.untouched();
                if untouched {
                    Outcome::NotStarted
                } else {
                    Outcome::Unfinished { line }
                }
            }
            _ if todo => Outcome::Unfinished { line },
            Event::Unwound { .. } => self.not_yet("panicked", &panic, None),
            Event::Stuck(stuck) => {
                let mut outcome = if self.running.panic.is_some() {
                    self.not_yet("panicked-thread", &panic, None)
                } else {
                    self.not_yet("stuck", &[("expecting", say(expecting, &[]).into())], None)
                };
                if let Outcome::NotYet(finding) = &mut outcome {
                    finding.stuck = Some(stuck);
                }
                outcome
            }
            Event::Ended => {
                let status = self.running.status();
                self.not_yet("ended", &[("status", status.into())], None)
            }
            Event::Interrupted => Outcome::Interrupted,
            Event::Failed { kind, .. } => self.not_yet("failed", &[("kind", kind.into())], None),
            Event::Returned(_) | Event::Told(_) => self.not_yet(
                "returned-early",
                &[("expecting", say(expecting, &[]).into())],
                None,
            ),
            Event::Connected { stream, .. } => {
                let facts = [("peer", say(self.stream_name(stream), &[]).into())];
                self.not_yet("unexpected-connection", &facts, None)
            }
            Event::Bytes { at, bytes } => {
                let facts = [
                    ("len", bytes.len().into()),
                    ("peer", say(self.stream_name(at), &[]).into()),
                ];
                self.not_yet("unexpected-bytes", &facts, None)
            }
            Event::End { at } | Event::Reset { at } => {
                let facts = [
                    ("peer", say(self.stream_name(at), &[]).into()),
                    ("expecting", say(expecting, &[]).into()),
                ];
                let key = if matches!(event, Event::End { .. }) {
                    "ended-stream"
                } else {
                    "reset-stream"
                };
                self.not_yet(key, &facts, None)
            }
            Event::Datagram { at, bytes, .. } => {
                let facts = [
                    ("len", bytes.len().into()),
                    ("peer", say(self.name(at), &[]).into()),
                ];
                self.not_yet("unexpected-datagram", &facts, None)
            }
        }
    }

    /// What [`Scene::usual`] says of an event, with the reason that the exercise
    /// knows for it (a message and a misconception), if it knows one.
    pub fn because(
        &mut self,
        event: Event,
        cause: Option<(&'static str, &'static str)>,
        expecting: &'static str,
    ) -> Outcome {
        let mut outcome = self.usual(event, expecting);
        // A thread's panic is the reason for whatever else is seen.
        if let (Outcome::NotYet(finding), Some((key, misconception))) = (&mut outcome, cause)
            && finding.key != "panicked-thread"
        {
            finding.key = key;
            finding.misconception = Some(misconception);
        }
        outcome
    }

    /// What is said of an answer that makes no progress when the exercise knows
    /// why: its own message, and a misconception.
    pub fn stuck_because(
        &mut self,
        stuck: Stuck,
        key: &'static str,
        facts: &[(&'static str, Fact)],
        cause: Option<&'static str>,
    ) -> Outcome {
        let mut outcome = self.usual(Event::Stuck(stuck), "expecting-return");
        if let Outcome::NotYet(finding) = &mut outcome
            && finding.key != "panicked-thread"
        {
            finding.key = key;
            finding.facts = facts.to_vec();
            finding.misconception = cause;
        }
        outcome
    }

    /// The message of the answer's first panic, if it panicked.
    pub fn panic_message(&self) -> Option<&str> {
        self.running.panic.as_ref().map(|p| p.message.as_str())
    }
}
