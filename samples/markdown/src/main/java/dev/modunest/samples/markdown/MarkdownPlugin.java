package dev.modunest.samples.markdown;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.samples.htmlclean.api.HtmlCleaner;
import dev.modunest.samples.markdown.api.MarkdownRenderer;

import java.util.function.UnaryOperator;

/** Offers a {@link MarkdownRenderer}, and an operator from Markdown to clean HTML. */
public final class MarkdownPlugin implements Plugin {

    @Override
    public void start(PluginContext context) {
        MarkdownRenderer renderer = new CommonmarkRenderer(context.service(HtmlCleaner.class));
        UnaryOperator<String> operator = markdown -> renderer.render(markdown).html();
        context.provide(MarkdownRenderer.class, renderer);
        context.provide(UnaryOperator.class, operator);
    }
}
