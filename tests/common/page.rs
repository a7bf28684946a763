//! What tests look for in pages.
#![allow(dead_code, reason = "each test crate uses its own part of this")]

/// Opening tags without their end, or ends without their opening.
pub fn unbalanced(page: &str) -> Vec<String> {
    const VOID: [&str; 2] = ["meta", "br"];
    let (mut open, mut wrong, mut rest) = (Vec::new(), Vec::new(), page);
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        rest = after;
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or("").to_owned();
        if tag.starts_with('/') {
            if open.pop() != Some(name.clone()) {
                wrong.push(format!("</{name}>"));
            }
        } else if !tag.starts_with('!') && !tag.ends_with('/') && !VOID.contains(&name.as_str()) {
            if name == "script" || name == "style" {
                rest = rest.split_once(&format!("</{name}>")).map_or("", |(_, after)| after);
            } else {
                open.push(name);
            }
        }
    }
    wrong.extend(open);
    wrong
}

/// What of a page could make a browser ask the network.
pub fn requests(page: &str) -> Vec<&str> {
    const REACHING: [&str; 12] = [
        "src=",
        "href=\"http",
        "href=\"//",
        "url(",
        "@import",
        "<link",
        "<iframe",
        "<object",
        "<embed",
        "fetch(",
        "XMLHttpRequest",
        "import(",
    ];
    REACHING.into_iter().filter(|word| page.contains(word)).collect()
}
