//! Did you mean ..?

/// The one of `known` that is nearest to `written`, if it is near.
pub(crate) fn nearest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = (written.chars().count() / 3).max(1);
    let written = normal(written);
    known
        .into_iter()
        .map(|name| {
            let normal = normal(name);
            let alike =
                written.iter().zip(&normal).take_while(|(left, right)| left == right).count();
            // Of two that are equally near, people mean the one that starts alike.
            (distance(&written, &normal), usize::MAX - alike, name)
        })
        .filter(|&(distance, alike, _)| {
            // Or it is half-written.
            let begins = written.len() > 2 && usize::MAX - alike == written.len();
            distance <= limit || begins
        })
        .min()
        .map(|(.., name)| name)
}

/// Case and underscores make no difference.
fn normal(name: &str) -> Vec<char> {
    name.chars().filter(|&c| c != '_').flat_map(char::to_lowercase).collect()
}

/// How many letters have to be inserted, deleted, replaced or swapped with their neighbour.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before_last: Vec<usize>;
    let mut last: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        before_last = std::mem::replace(&mut last, row);
        row = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let mut best = (last[j] + usize::from(l != r)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i - 1] == *r && right[j - 1] == *l {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
    }
    row.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn suggests_what_is_near() {
        let known = ["name", "channels", "stateful", "handle_order_event"];
        assert_eq!(nearest("nmae", known), Some("name"));
        assert_eq!(nearest("chanels", known), Some("channels"));
        assert_eq!(nearest("state_full", known), Some("stateful"));
        assert_eq!(nearest("HandleOrderEvnt", known), Some("handle_order_event"));
        assert_eq!(nearest("chann", known), Some("channels"));
        assert_eq!(nearest("retry", known), None);
        assert_eq!(nearest("ch", known), None);
        assert_eq!(nearest("unamed", ["named", "unnamed"]), Some("unnamed"));
        assert_eq!(nearest("", known), None);
    }
}
