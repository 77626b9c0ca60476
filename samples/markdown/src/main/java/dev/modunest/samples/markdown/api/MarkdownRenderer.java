package dev.modunest.samples.markdown.api;

/** Renders Markdown as HTML that is safe to show. Thread-safe. */
public interface MarkdownRenderer {

    /** Renders CommonMark with GitHub's tables; HTML inside it is kept as far as it is harmless. */
    RenderedPage render(String markdown);
}
