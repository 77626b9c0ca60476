package dev.modunest.samples.search;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.samples.search.api.FullTextSearch;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Offers {@link FullTextSearch}, and an operator from a query on the first line and a document on
 * each line after it ({@code title: body}) to the titles and excerpts found, best first, a line
 * each.
 */
public final class FullTextSearchPlugin implements Plugin {

    private static final int HITS = 10;

    @Override
    public void start(PluginContext context) {
        FullTextSearch search = LuceneIndex::new;
        UnaryOperator<String> operator = request -> answer(search, request);
        context.provide(FullTextSearch.class, search);
        context.provide(UnaryOperator.class, operator);
    }

    private static String answer(FullTextSearch search, String request) {
        List<String> lines = request.lines().filter(line -> !line.isBlank()).toList();
        if (lines.size() < 2) {
            throw new IllegalArgumentException(
                    "write a query on the first line and 'title: body' on each after it");
        }
        try (FullTextSearch.Index index = search.open()) {
            for (int i = 1; i < lines.size(); i++) {
                index.add(document(i, lines.get(i)));
            }
            return index.search(lines.getFirst(), HITS).stream()
                    .map(hit -> hit.title() + ": " + hit.excerpt() + "\n")
                    .collect(Collectors.joining());
        }
    }

    private static FullTextSearch.Document document(int number, String line) {
        int colon = line.indexOf(':');
        String title = colon < 0 ? "" : line.substring(0, colon).strip();
        return new FullTextSearch.Document(
                Integer.toString(number), title, line.substring(colon + 1).strip());
    }
}
