package dev.modunest.samples.htmlclean;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.samples.htmlclean.api.HtmlCleaner;
import dev.modunest.samples.htmlclean.api.Policy;

import java.util.function.UnaryOperator;

/**
 * Offers an {@link HtmlCleaner}, and an operator from HTML to clean HTML by the article policy. A
 * first line {@code policy: text|inline|comment|article} picks another.
 */
public final class HtmlCleanPlugin implements Plugin {

    private static final String POLICY = "policy:";

    @Override
    public void start(PluginContext context) {
        HtmlCleaner cleaner = new JsoupCleaner();
        UnaryOperator<String> operator = request -> answer(cleaner, request);
        context.provide(HtmlCleaner.class, cleaner);
        context.provide(UnaryOperator.class, operator);
    }

    private static String answer(HtmlCleaner cleaner, String request) {
        if (!request.startsWith(POLICY)) {
            return cleaner.clean(request, Policy.ARTICLE).html();
        }
        String line = request.lines().findFirst().orElseThrow();
        String html = request.substring(line.length()).stripLeading();
        return cleaner.clean(html, named(line.substring(POLICY.length()).strip())).html();
    }

    private static Policy named(String name) {
        return switch (Policy.Elements.parse(name)) {
            case TEXT -> new Policy(Policy.Elements.TEXT, false, false);
            case INLINE -> new Policy(Policy.Elements.INLINE, false, false);
            case COMMENT -> Policy.COMMENT;
            case ARTICLE -> Policy.ARTICLE;
        };
    }
}
