//! HTML text in which nothing foreign can become markup: only literals of this program go in unescaped.

/// A piece of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Html(String);

/// One cell of a table.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Words, aligned to the start.
    Words(String),
    /// A number or a number with its unit, aligned to the end.
    Number(String),
    /// A piece of page.
    Piece(Html),
}

impl Html {
    /// An empty piece.
    pub fn new() -> Html {
        Html::default()
    }
    /// Appends markup that this program spells out.
    pub fn raw(mut self, markup: &'static str) -> Html {
        self.0.push_str(markup);
        self
    }
    /// Appends text, escaped for elements and quoted attributes.
    pub fn text(mut self, text: &str) -> Html {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '\n' | '\t' => self.0.push(letter),
                letter if letter.is_control() => self.0.push('\u{fffd}'),
                letter => self.0.push(letter),
            }
        }
        self
    }
    /// Appends a number as SVG and HTML attributes want it.
    pub fn coordinate(self, value: f64) -> Html {
        let text = format!("{value:.1}");
        self.text(text.strip_suffix(".0").unwrap_or(&text))
    }
    /// Appends data as JSON that cannot end the script element it stands in.
    pub fn json(mut self, data: &serde_json::Value) -> Html {
        self.0.push_str(&data.to_string().replace('<', "\\u003c"));
        self
    }
    /// Appends another piece.
    pub fn with(mut self, piece: Html) -> Html {
        self.0.push_str(&piece.0);
        self
    }
    /// Appends a paragraph of text.
    pub fn paragraph(self, text: &str) -> Html {
        self.raw("<p>").text(text).raw("</p>\n")
    }
    /// The finished text.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// A section with a heading; `id` is also what the page's contents can point to.
pub fn section(id: &str, heading: &str, body: Html) -> Html {
    Html::new()
        .raw("<section aria-labelledby=\"")
        .text(id)
        .raw("\">\n<h2 id=\"")
        .text(id)
        .raw("\">")
        .text(heading)
        .raw("</h2>\n")
        .with(body)
        .raw("</section>\n")
}

/// A table; the first cell of each row is its heading.
pub fn table(caption: &str, headings: &[&str], rows: Vec<Vec<Cell>>) -> Html {
    let mut html = Html::new().raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").text(caption);
    html = html.raw("\"><table>\n<caption>").text(caption).raw("</caption>\n<thead><tr>");
    for (column, heading) in headings.iter().enumerate() {
        let numeric = rows.first().is_some_and(|row| matches!(row.get(column), Some(Cell::Number(_))));
        html = html.raw(if numeric { "<th scope=\"col\" class=\"number\">" } else { "<th scope=\"col\">" });
        html = html.text(heading).raw("</th>");
    }
    html = html.raw("</tr></thead>\n<tbody>\n");
    for row in rows {
        html = html.raw("<tr>");
        for (column, cell) in row.into_iter().enumerate() {
            html = table_cell(html, column, cell);
        }
        html = html.raw("</tr>\n");
    }
    html.raw("</tbody></table></div>\n")
}

fn table_cell(html: Html, column: usize, cell: Cell) -> Html {
    let numeric = matches!(cell, Cell::Number(_));
    let html = html.raw(match (column, numeric) {
        (0, false) => "<th scope=\"row\">",
        (0, true) => "<th scope=\"row\" class=\"number\">",
        (_, false) => "<td>",
        (_, true) => "<td class=\"number\">",
    });
    let html = match cell {
        Cell::Words(text) | Cell::Number(text) => html.text(&text),
        Cell::Piece(piece) => html.with(piece),
    };
    html.raw(if column == 0 { "</th>" } else { "</td>" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_text() {
        let html = Html::new().text("<img src=x onerror='alert(\"1\")'>&\u{1b}").into_string();
        assert_eq!(html, "&lt;img src=x onerror=&#39;alert(&quot;1&quot;)&#39;&gt;&amp;\u{fffd}");
        let json = Html::new().json(&serde_json::json!("</script><script>")).into_string();
        assert_eq!(json, r#""\u003c/script>\u003cscript>""#);
    }

    #[test]
    fn a_table_names_rows_and_columns() {
        let rows = vec![vec![Cell::Words("gap".into()), Cell::Number("1".into())]];
        let html = table("Figures", &["figure", "value"], rows).into_string();
        assert!(html.contains("<th scope=\"row\">gap</th><td class=\"number\">1</td>"), "{html}");
        assert!(html.contains("<th scope=\"col\" class=\"number\">value</th>"), "{html}");
    }
}
