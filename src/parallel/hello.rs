//! What processes tell each other when they meet: whether they may work together, and which cores they share.

use super::machine::{self, Cpus};
use super::threads::{Sources, ThreadChoice, choose};
use crate::error::Problem;

/// One process of a job as it introduces itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hello {
    pub binary: String,
    pub isa: String,
    pub host: String,
    pub cpus: Cpus,
}

impl Hello {
    pub(super) fn of_this_process() -> Self {
        Hello {
            binary: machine::binary_hash().unwrap_or_else(|error| error.to_string()),
            isa: machine::isa(),
            host: machine::host_id(),
            cpus: machine::affinity(),
        }
    }
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [&self.binary, &self.isa, &self.host, &self.cpus.to_string()].map(String::as_str).join("\n").into_bytes()
    }
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(bytes).ok()?.split('\n').map(str::to_owned);
        let (binary, isa, host) = (lines.next()?, lines.next()?, lines.next()?);
        Some(Hello { binary, isa, host, cpus: Cpus::parse(&lines.next()?)? })
    }
}

/// Refuses processes that need not give the same bits.
pub(super) fn compare(hellos: &[Hello]) -> Result<(), Problem> {
    let differs = |what: &str, rank: usize, here: &str, there: &str| {
        Problem::new(format!("rank {rank} has another {what} than rank 0: {here}, not {there}"))
    };
    for (rank, hello) in hellos.iter().enumerate() {
        if hello.binary != hellos[0].binary {
            return Err(differs("program file", rank, &hello.binary, &hellos[0].binary)
                .hint("install the same build of conurb on every host, or run it from a shared folder"));
        }
        if hello.isa != hellos[0].isa {
            return Err(differs("instruction set", rank, &hello.isa, &hellos[0].isa)
                .hint("ask the batch system for hosts of one kind, for example with sbatch --constraint"));
        }
    }
    Ok(())
}

/// Threads of one of the processes, given the cores that its neighbours on the same host may use.
pub(super) fn thread_choice(
    hellos: &[Hello],
    rank: usize,
    option: Option<usize>,
    slurm: Option<usize>,
    quota: Option<f64>,
) -> ThreadChoice {
    let own = &hellos[rank];
    let beside = |(other, hello): (usize, &Hello)| other != rank && hello.host == own.host;
    let neighbours = hellos.iter().enumerate().filter(|&pair| beside(pair)).map(|(_, hello)| &hello.cpus).collect();
    choose(&Sources { option, slurm, affinity: own.cpus.clone(), quota, neighbours, local_ranks: 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(host: &str, cpus: &str) -> Hello {
        let cpus = Cpus::parse(cpus).unwrap();
        Hello { binary: "ab12".into(), isa: "x86_64+avx2".into(), host: host.into(), cpus }
    }

    #[test]
    fn a_hello_survives_the_way() {
        let sent = Hello::of_this_process();
        assert_eq!(Hello::from_bytes(&sent.to_bytes()), Some(sent));
        assert_eq!(Hello::from_bytes(b"ab12\nx86_64"), None);
    }

    #[test]
    fn a_mix_of_programs_or_instruction_sets_is_refused() {
        let good = hello("a", "0-3");
        assert!(compare(&[good.clone(), good.clone()]).is_ok());
        let other = Hello { binary: "cd34".into(), ..good.clone() };
        assert!(
            compare(&[good.clone(), good.clone(), other])
                .unwrap_err()
                .message
                .starts_with("rank 2 has another program")
        );
        let other = Hello { isa: "x86_64".into(), ..good.clone() };
        let message = compare(&[good, other]).unwrap_err().message;
        assert_eq!(message, "rank 1 has another instruction set than rank 0: x86_64, not x86_64+avx2");
    }

    #[test]
    fn only_ranks_of_the_same_host_share_its_cores() {
        let hellos = [hello("a", "0-7"), hello("b", "0-7"), hello("a", "0-7")];
        assert_eq!(thread_choice(&hellos, 0, None, None, None).threads, 4);
        assert_eq!(thread_choice(&hellos, 1, None, None, None).threads, 8);
        assert_eq!(thread_choice(&hellos, 0, None, None, Some(4.0)).threads, 2);
    }
}
