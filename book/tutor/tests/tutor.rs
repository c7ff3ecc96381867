//! The tutor's tests: one binary, so that grading an exercise builds no other.

#[path = "tutor/fixture.rs"]
mod fixture;

#[path = "tutor/answering.rs"]
mod answering;
#[path = "tutor/attacks.rs"]
mod attacks;
#[path = "tutor/boxes.rs"]
mod boxes;
#[path = "tutor/building.rs"]
mod building;
#[path = "tutor/commands.rs"]
mod commands;
#[path = "tutor/directives/mod.rs"]
mod directives;
#[path = "tutor/following.rs"]
mod following;
#[path = "tutor/guarding.rs"]
mod guarding;
#[path = "tutor/robust.rs"]
mod robust;
#[path = "tutor/running.rs"]
mod running;
#[path = "tutor/serving.rs"]
mod serving;
#[path = "tutor/words.rs"]
mod words;
