package dev.modunest.samples.markdown.api;

import java.util.List;
import java.util.Optional;

/**
 * A rendered document.
 *
 * @param html the body, clean
 * @param text the text without Markdown, HTML tags and HTML blocks, for search and previews
 * @param headings in the order of the document
 */
public record RenderedPage(String html, String text, List<Heading> headings) {

    /** A heading of level 1 to 6. */
    public record Heading(int level, String text) {}

    public RenderedPage {
        headings = List.copyOf(headings);
    }

    /** The text of the first heading. */
    public Optional<String> title() {
        return headings.stream().findFirst().map(Heading::text);
    }
}
