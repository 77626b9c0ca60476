package dev.modunest.samples.sitesearch;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.samples.markdown.api.MarkdownRenderer;
import dev.modunest.samples.search.api.FullTextSearch;
import dev.modunest.samples.sitesearch.api.SiteSearch;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Offers {@link SiteSearch}, and an operator from a query on the first line and Markdown pages
 * after it, set apart by lines of {@code ---}, to the titles and excerpts found, best first, a line
 * each, and the HTML of the best page.
 */
public final class SiteSearchPlugin implements Plugin {

    private static final Pattern PAGE_BREAK = Pattern.compile("(?m)^---\\s*$");
    private static final int RESULTS = 10;

    @Override
    public void start(PluginContext context) {
        MarkdownRenderer renderer = context.service(MarkdownRenderer.class);
        FullTextSearch search = context.service(FullTextSearch.class);
        SiteSearch sites = () -> new MarkdownSite(renderer, search);
        UnaryOperator<String> operator = request -> answer(sites, request);
        context.provide(SiteSearch.class, sites);
        context.provide(UnaryOperator.class, operator);
    }

    private static String answer(SiteSearch sites, String request) {
        int line = request.indexOf('\n');
        if (line < 0) {
            throw new IllegalArgumentException(
                    "write a query on the first line and Markdown pages after it, set apart by ---");
        }
        try (SiteSearch.Site site = sites.open()) {
            String[] pages = PAGE_BREAK.split(request.substring(line + 1), -1);
            for (int i = 0; i < pages.length; i++) {
                site.put("page-" + (i + 1), pages[i]);
            }
            return text(site.search(request.substring(0, line), RESULTS));
        }
    }

    private static String text(List<SiteSearch.Result> results) {
        String lines =
                results.stream()
                        .map(each -> each.page().title() + ": " + each.excerpt() + "\n")
                        .collect(Collectors.joining());
        return results.isEmpty() ? "" : lines + "\n" + results.getFirst().page().html() + "\n";
    }
}
