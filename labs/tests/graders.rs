//! Grades the grader: for each exercise the stub is not started, every right
//! answer passes, and each mistake fails with its own words and its own id.
//!
//! No test here has a name that `cargo test ex…` catches: that is the reader's.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use graders::judge::{Exercise, Outcome, Verdict, build_programs};
use graders::{EXERCISES, messages, misconceptions};
use libtest_mimic::{Arguments, Failed, Trial};

#[path = "support/stable.rs"]
mod stable;

/// The seed of every snapshot; a right answer is judged with others too.
const SEED: u64 = 1;

type Test = Result<(), Failed>;

fn main() -> ExitCode {
    let answers = Arc::new(Answers::collect());
    let mut trials = vec![
        Trial::test("messages::can_all_be_read", messages_can_be_read),
        Trial::test("messages::that_a_grader_names_exist", named_messages_exist),
        Trial::test(
            "misconceptions::have_a_belief_and_a_truth",
            misconceptions_are_worded,
        ),
    ];
    for exercise in EXERCISES {
        let name = format!("{}::folder_is_complete", topic(exercise.name));
        trials.push(Trial::test(name, || folder_is_complete(exercise)));
    }
    for answer in &answers.list {
        let (answers, answer) = (Arc::clone(&answers), answer.clone());
        trials.push(Trial::test(answer.test_name(), move || {
            judged(&answers, &answer)
        }));
    }
    let mut arguments = Arguments::from_args();
    // Most of them wait: an answer that hangs hangs for a second or two.
    arguments.test_threads.get_or_insert(10);
    if arguments.filter.is_some() && trials.iter().all(|t| arguments.is_filtered_out(t)) {
        return ExitCode::SUCCESS; // a reader grades an answer: keep quiet
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// What an answer is there to show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Stub,
    Right,
    Mistake,
    Hang,
}

/// A whole answer that is not the reader's.
#[derive(Clone)]
struct Answer {
    exercise: &'static Exercise,
    kind: Kind,
    file: PathBuf,
}

impl Answer {
    /// The misconception that a mistake shows, if it shows one. A second file
    /// for the same one adds a word: `whole-buffer-back--small.rs`.
    fn misconception(&self) -> Option<String> {
        let stem = self.stem();
        Some(id_of(&stem).to_string()).filter(|id| id != misconceptions::SLIP)
    }

    /// The file's name without its ending.
    fn stem(&self) -> String {
        self.file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    fn program(&self) -> String {
        let kind = match self.kind {
            Kind::Stub => "stub",
            Kind::Right => "right",
            Kind::Mistake => "mistake",
            Kind::Hang => "hang",
        };
        format!("{}-{kind}-{}", topic(self.exercise.name), self.stem())
    }

    fn test_name(&self) -> String {
        let (topic, stem) = (topic(self.exercise.name), self.stem());
        match self.kind {
            Kind::Stub => format!("{topic}::stub_is_not_started"),
            Kind::Right => format!("{topic}::right::{stem}::passes"),
            Kind::Mistake => format!("{topic}::mistake::{stem}::is_explained"),
            Kind::Hang => format!("stuck::{stem}::is_reported"),
        }
    }
}

/// Every answer there is, built all at once when the first of them is needed.
struct Answers {
    list: Vec<Answer>,
    programs: OnceLock<Result<HashMap<String, PathBuf>, String>>,
}

impl Answers {
    fn collect() -> Self {
        let mut list = Vec::new();
        for exercise in EXERCISES {
            let folder = exercise.folder();
            let mut add = |kind, file| {
                list.push(Answer {
                    exercise,
                    kind,
                    file,
                })
            };
            add(Kind::Stub, folder.join("stub.rs"));
            files(&folder.join("right"))
                .into_iter()
                .for_each(|f| add(Kind::Right, f));
            files(&folder.join("mistakes"))
                .into_iter()
                .for_each(|f| add(Kind::Mistake, f));
        }
        // They hang on the socket that they are given, as an echo does.
        let echo = Exercise::find("ex03_1").expect("the exercise that the hangs answer");
        for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("graders/hangs")) {
            list.push(Answer {
                exercise: echo,
                kind: Kind::Hang,
                file,
            });
        }
        Self {
            list,
            programs: OnceLock::new(),
        }
    }

    fn program(&self, answer: &Answer) -> Result<&Path, Failed> {
        let programs = self.programs.get_or_init(|| {
            let source = |a: &Answer| fs::read_to_string(&a.file).map(|text| (a.program(), text));
            let sources: Vec<_> = self
                .list
                .iter()
                .map(source)
                .collect::<Result<_, _>>()
                .map_err(|e| e.to_string())?;
            let graders = graders::root().join("labs/graders");
            let dependencies = format!(
                "graders = {{ path = '{}', default-features = false }}\nsocket2 = \"0.6\"",
                graders.display()
            );
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("answers");
            build_programs(&folder, &dependencies, &sources).map_err(|outcome| {
                Verdict {
                    exercise: "answers",
                    seed: SEED,
                    outcome,
                }
                .to_text()
            })
        });
        let programs = programs
            .as_ref()
            .map_err(|words| Failed::from(words.as_str()))?;
        Ok(&programs[&answer.program()])
    }
}

fn judged(answers: &Answers, answer: &Answer) -> Test {
    let program = answers.program(answer)?;
    match answer.kind {
        Kind::Stub => match answer.exercise.judge(program, SEED).outcome {
            Outcome::NotStarted => Ok(()),
            other => Err(format!("the stub should be not started, and was {other:?}").into()),
        },
        Kind::Right => {
            for seed in [SEED, fastrand_seed()] {
                let verdict = answer.exercise.judge(program, seed);
                if !matches!(verdict.outcome, Outcome::Done) {
                    return Err(format!(
                        "seed {seed}: a right answer was refused\n{}",
                        verdict.to_text()
                    )
                    .into());
                }
            }
            Ok(())
        }
        Kind::Mistake => mistake_is_explained(answer, program),
        Kind::Hang => hang_is_reported(answer, program),
    }
}

/// Another seed at every run; a failure prints it.
fn fastrand_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish()
}

fn mistake_is_explained(answer: &Answer, program: &Path) -> Test {
    // What is called by another name on Windows is no mistake there.
    if cfg!(windows) && answer.stem() == "timeout-is-timedout" {
        return Ok(());
    }
    let verdict = answer.exercise.judge(program, SEED);
    let Outcome::NotYet(finding) = &verdict.outcome else {
        return Err(format!("a mistake should be refused, and was {:?}", verdict.outcome).into());
    };
    if finding.misconception != answer.misconception().as_deref() {
        return Err(format!(
            "explained by {:?}\n{}",
            finding.misconception,
            verdict.to_text()
        )
        .into());
    }
    compare(
        &format!("{}-{}", topic(answer.exercise.name), answer.stem()),
        &verdict,
    )
}

fn hang_is_reported(answer: &Answer, program: &Path) -> Test {
    // Elsewhere there is one report for all of them, after a deadline, and not
    // every call waits there: a full backlog is refused on Windows.
    if !cfg!(target_os = "linux") && !["receive", "sleep"].contains(&&*answer.stem()) {
        return Ok(());
    }
    let verdict = answer.exercise.judge(program, SEED);
    match &verdict.outcome {
        Outcome::NotYet(finding) if finding.stuck.is_some() => {
            compare(&format!("stuck-{}", answer.stem()), &verdict)
        }
        other => Err(format!("the answer hangs, and was {other:?}").into()),
    }
}

/// Holds a verdict against its snapshot. The words are those of Linux: other
/// systems do not say where a thread waits, and number their errors differently.
fn compare(name: &str, verdict: &Verdict) -> Test {
    // Port 80 stands in texts and in no socket: it stays as it is.
    let text = measured(&buffered(&stable::ports(&verdict.to_text(), &[(80, "80")])));
    if cfg!(target_os = "linux") {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, text) });
    }
    Ok(())
}

/// How much of a large answer fits in the buffers on the way is the kernel's
/// affair. What a grader itself sends is a whole number of KiB.
fn buffered(text: &str) -> String {
    let amount = regex_lite::Regex::new(r"\b(\d{6,7}) (bytes|of the answer's)").expect("a pattern");
    let stable = |found: &regex_lite::Captures<'_>| match found[1].parse::<u32>() {
        Ok(n) if n % 1024 != 0 => format!("500000 {}", &found[2]),
        _ => found[0].to_string(),
    };
    amount.replace_all(text, stable).into_owned()
}

/// A time that was measured has a digit behind the point; what the judge has
/// chosen is a whole number of milliseconds.
fn measured(text: &str) -> String {
    let time = regex_lite::Regex::new(r"\b\d+\.\d ms").expect("a pattern");
    time.replace_all(text, "12.3 ms").into_owned()
}

fn folder_is_complete(exercise: &Exercise) -> Test {
    let folder = exercise.folder();
    let right = files(&folder.join("right"));
    let mut mistakes = files(&folder.join("mistakes"));
    mistakes.retain(|f| {
        let stem = f.file_stem().unwrap_or_default().to_string_lossy();
        id_of(&stem) != misconceptions::SLIP
    });
    let mut wrong = Vec::new();
    if right.len() < 2 || mistakes.len() < 5 {
        wrong.push(format!(
            "{} right answers and {} mistakes; there should be 2 and 5",
            right.len(),
            mistakes.len()
        ));
    }
    let shown = right
        .iter()
        .filter(|f| fs::read_to_string(f).is_ok_and(|s| s.contains("// ANCHOR: answer")))
        .count();
    if shown != 1 {
        wrong.push(format!(
            "{shown} right answers have the anchor \"answer\"; the book shows one"
        ));
    }
    for file in mistakes {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let id = id_of(&stem);
        if !misconceptions::find(id).is_some_and(|m| m.met.contains(&misconceptions::Met::Mistake))
        {
            wrong.push(format!(
                "{id} is no misconception that misconceptions.toml says is met as a mistake"
            ));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

fn messages_can_be_read() -> Test {
    let faults = messages::faults();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}

/// Every key that stands in the graders' sources has its text: a key is a
/// string of words with hyphens, and is told from other strings by its place.
fn named_messages_exist() -> Test {
    let key = regex_lite::Regex::new(
        r#"(?:say|not_yet|usual|stuck_because|note|ask|call|udp_peer|tcp_client|tcp_server|comes|stopped_after|stumbled)\(\s*(?:[^()"]|\([^()]*\))*?"([a-z][a-z-]+)""#,
    )?;
    let pair =
        regex_lite::Regex::new(r#"(?:Some)?\(\s*"([a-z]+-[a-z-]+)",\s*(?:None|Some\(|"|&)"#)?;
    let mut missing = Vec::new();
    let mut seen = 0;
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("graders/src")) {
        let text = fs::read_to_string(&file)?;
        for found in key.captures_iter(&text).chain(pair.captures_iter(&text)) {
            seen += 1;
            if !messages::has(&found[1]) {
                missing.push(format!("{}: {}", file.display(), &found[1]));
            }
        }
    }
    if seen < 60 {
        missing.push(format!(
            "only {seen} keys were found in the sources; the pattern of this test is wrong"
        ));
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(missing.join("\n").into())
    }
}

fn misconceptions_are_worded() -> Test {
    if let Some(fault) = misconceptions::fault() {
        return Err(fault.into());
    }
    let mut wrong = Vec::new();
    for (at, m) in misconceptions::table().iter().enumerate() {
        if misconceptions::table()[..at]
            .iter()
            .any(|other| other.id == m.id)
        {
            wrong.push(format!("{} stands twice in the table", m.id));
        }
        for part in ["belief", "truth"] {
            if !messages::has(&format!("{}.{part}", m.id)) {
                wrong.push(format!("{} has no {part} in the messages", m.id));
            }
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n").into())
    }
}

/// `whole-buffer-back` of `whole-buffer-back--small`.
fn id_of(stem: &str) -> &str {
    stem.split_once("--").map_or(stem, |(id, _)| id)
}

/// `echo_datagram` of `ex03_1_echo_datagram`.
fn topic(exercise: &str) -> &str {
    exercise.splitn(3, '_').nth(2).unwrap_or(exercise)
}

/// The Rust files of a folder, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "rs"))
        .collect();
    files.sort();
    files
}

/// The graders' own sources, below any folder but those of answers.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|f| !f.ends_with("stub.rs"));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if entry.path().is_dir() && name != "right" && name != "mistakes" {
            found.extend(sources(&entry.path()));
        }
    }
    found
}
