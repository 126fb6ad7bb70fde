//! Code lengths from frequencies, ties broken as zlib breaks them, and the codes from the lengths.
//!
//! A binary heap joins the two rarest nodes until one is left. Which of two equally rare nodes goes first decides the
//! bytes, so the heap's exact moves are part of the result: no sorted queue can stand in for it.

/// Most symbols of any of the three codes.
const SYMBOLS: usize = 286;
const NODES: usize = 2 * SYMBOLS + 1;

/// A prefix code for symbols `0..=last`.
pub struct Code {
    pub lengths: [u8; SYMBOLS],
    pub last: usize,
}

impl Code {
    /// The best code of at most `longest` bits for these frequencies. A code has two symbols at least; missing ones are
    /// made up.
    pub fn new(frequencies: &[u16], longest: u8) -> Self {
        let mut tree = Tree::new(frequencies);
        let last = tree.collect_leaves(frequencies.len());
        tree.join(frequencies.len());
        let mut code = Self {
            lengths: [0; SYMBOLS],
            last,
        };
        tree.assign_lengths(&mut code, longest);
        code
    }

    /// Bits that a text with these frequencies takes, where symbol `n` is followed by `extra[n]` plain bits.
    pub fn cost(&self, frequencies: &[u16], extra: &[u8]) -> usize {
        let lengths = self
            .lengths
            .iter()
            .zip(extra)
            .map(|(length, extra)| usize::from(length + extra));
        frequencies
            .iter()
            .zip(lengths)
            .map(|(&times, bits)| usize::from(times) * bits)
            .sum()
    }

    /// The codes with their lengths, as they go into the stream: a code's first bit is its lowest.
    pub fn codes(&self) -> Codes {
        codes(&self.lengths[..=self.last])
    }
}

/// Code and length by symbol; unused symbols have length 0.
pub type Codes = [(u16, u8); SYMBOLS];

/// The codes of these lengths, in the order of RFC 1951, 3.2.2.
pub fn codes(lengths: &[u8]) -> Codes {
    let mut counts = [0_u16; 16];
    for &length in lengths.iter().filter(|&&length| length > 0) {
        counts[usize::from(length)] += 1;
    }
    let mut next = [0_u16; 16];
    for length in 1..16 {
        next[length] = next[length - 1].wrapping_add(counts[length - 1]) << 1;
    }
    let mut codes = [(0, 0); SYMBOLS];
    for (code, &length) in codes.iter_mut().zip(lengths) {
        if length > 0 {
            let bits = &mut next[usize::from(length)];
            *code = (bits.reverse_bits() >> (16 - length), length);
            *bits = bits.wrapping_add(1);
        }
    }
    codes
}

struct Tree {
    frequency: [u16; NODES],
    parent: [u16; NODES],
    height: [u8; NODES],
    /// From index 1, smallest on top.
    heap: Vec<u16>,
    /// Nodes in the order in which they left the heap; every parent comes after its children.
    done: Vec<u16>,
}

impl Tree {
    fn new(frequencies: &[u16]) -> Self {
        let mut frequency = [0; NODES];
        frequency[..frequencies.len()].copy_from_slice(frequencies);
        let mut heap = Vec::with_capacity(frequencies.len() + 1);
        heap.push(0);
        Self {
            frequency,
            parent: [0; NODES],
            height: [0; NODES],
            heap,
            done: Vec::with_capacity(2 * frequencies.len()),
        }
    }

    /// Puts every symbol that occurs on the heap, two at least, and returns the last of them.
    fn collect_leaves(&mut self, symbols: usize) -> usize {
        let mut last: Option<usize> = None;
        for symbol in 0..symbols {
            if self.frequency[symbol] > 0 {
                self.heap.push(index(symbol));
                last = Some(symbol);
            }
        }
        while self.heap.len() < 3 {
            let made_up = match last {
                Some(last) if last < 2 => last + 1,
                _ => 0,
            };
            last = last.max(Some(made_up));
            self.frequency[made_up] = 1;
            self.heap.push(index(made_up));
        }
        last.expect("invariant: the heap was just filled")
    }

    /// Joins nodes until one is left; new nodes are numbered from `next` on.
    fn join(&mut self, mut next: usize) {
        for at in (1..=(self.heap.len() - 1) / 2).rev() {
            self.sift_down(at);
        }
        loop {
            let rarest = self.heap[1];
            self.heap.swap_remove(1);
            if self.heap.len() > 1 {
                self.sift_down(1);
            }
            let second = self.heap[1];
            self.done.extend([rarest, second]);
            let (left, right) = (usize::from(rarest), usize::from(second));
            self.frequency[next] = self.frequency[left] + self.frequency[right];
            self.height[next] = self.height[left].max(self.height[right]) + 1;
            self.parent[left] = index(next);
            self.parent[right] = index(next);
            self.heap[1] = index(next);
            next += 1;
            if self.heap.len() == 2 {
                break;
            }
            self.sift_down(1);
        }
        self.done.push(self.heap[1]);
    }

    fn sift_down(&mut self, mut at: usize) {
        let moved = self.heap[at];
        loop {
            let mut child = 2 * at;
            if child >= self.heap.len() {
                break;
            }
            if child + 1 < self.heap.len() && self.goes_first(self.heap[child + 1], self.heap[child]) {
                child += 1;
            }
            if self.goes_first(moved, self.heap[child]) {
                break;
            }
            self.heap[at] = self.heap[child];
            at = child;
        }
        self.heap[at] = moved;
    }

    /// Rarer, or as rare and not higher.
    fn goes_first(&self, left: u16, right: u16) -> bool {
        let rank = |node: u16| (self.frequency[usize::from(node)], self.height[usize::from(node)]);
        rank(left) <= rank(right)
    }

    /// Depths from the root down, none beyond `longest`.
    fn assign_lengths(&self, code: &mut Code, longest: u8) {
        let mut depth = [0_u8; NODES];
        let mut counts = [0_u16; 16];
        let mut too_long = 0_i32;
        for &node in self.done.iter().rev().skip(1) {
            let node = usize::from(node);
            let mut length = depth[usize::from(self.parent[node])] + 1;
            if length > longest {
                length = longest;
                too_long += 1;
            }
            depth[node] = length;
            if node <= code.last {
                counts[usize::from(length)] += 1;
                code.lengths[node] = length;
            }
        }
        if too_long > 0 {
            shorten(&mut counts, too_long, longest);
            self.hand_out(code, &counts, longest);
        }
    }

    /// Gives the longest codes to the leaves that left the heap first.
    fn hand_out(&self, code: &mut Code, counts: &[u16; 16], longest: u8) {
        let mut leaves = self
            .done
            .iter()
            .map(|&node| usize::from(node))
            .filter(|&node| node <= code.last);
        for length in (1..=longest).rev() {
            for leaf in leaves.by_ref().take(usize::from(counts[usize::from(length)])) {
                code.lengths[leaf] = length;
            }
        }
    }
}

/// Makes the counts a complete code again: a leaf goes down one level and takes one of the surplus leaves as its
/// brother.
fn shorten(counts: &mut [u16; 16], mut too_long: i32, longest: u8) {
    let bottom = usize::from(longest);
    while too_long > 0 {
        let from = (1..bottom)
            .rev()
            .find(|&length| counts[length] > 0)
            .expect("invariant: some code is shorter than the longest");
        counts[from] -= 1;
        counts[from + 1] += 2;
        counts[bottom] -= 1;
        too_long -= 2;
    }
}

fn index(node: usize) -> u16 {
    u16::try_from(node).expect("invariant: there are a few hundred nodes")
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn lengths_follow_frequencies() {
        let code = Code::new(&[5, 0, 1, 1, 10], 15);
        assert_eq!(&code.lengths[..5], [2, 0, 3, 3, 1]);
        assert_eq!(code.last, 4);
        assert_eq!(code.cost(&[5, 0, 1, 1, 10], &[0, 0, 0, 4, 0]), 30);
        // 0, 10, 110, 111 with the first bit lowest.
        assert_eq!(code.codes()[..5], [(0b01, 2), (0, 0), (0b011, 3), (0b111, 3), (0b0, 1)]);
    }

    #[test]
    fn a_code_has_two_symbols_at_least() {
        for (frequencies, lengths) in [
            ([0, 0, 0], [1, 1, 0]),
            ([3, 0, 0], [1, 1, 0]),
            ([0, 3, 0], [0, 1, 1]),
            ([0, 0, 3], [1, 0, 1]),
        ] {
            assert_eq!(&Code::new(&frequencies, 15).lengths[..3], lengths);
        }
    }

    #[test]
    fn lengths_have_a_limit_and_stay_complete() {
        let mut fibonacci = vec![1_u16, 1];
        while fibonacci.len() < 19 {
            fibonacci.push(fibonacci[fibonacci.len() - 1] + fibonacci[fibonacci.len() - 2]);
        }
        let code = Code::new(&fibonacci, 7);
        let used = &code.lengths[..19];
        assert!(used.iter().all(|&length| (1..=7).contains(&length)));
        assert_eq!(used.iter().map(|&length| 1 << (7 - length)).sum::<u32>(), 1 << 7);
    }
}
