package dev.modunest.load;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Endless searches for what a sample of plugins has in names, titles, categories and licences. The
 * same seed and plugins give the same searches. For one thread, as Gatling calls feeders.
 */
final class SearchFeeder implements Iterator<Map<String, Object>> {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final List<String> ORDERS = List.of("downloads", "updated", "newest", "name");
    private static final String RARE_LETTERS = "qxzjvwk";
    private static final int PERCENT = 100;
    private static final int SECOND_PAGES = 20;
    private static final int SLIP_LENGTH = 5;

    private final List<PluginSummary> plugins;
    private final Random random;

    SearchFeeder(List<PluginSummary> plugins, long seed) {
        this.plugins = plugins;
        this.random = new Random(seed);
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Map<String, Object> next() {
        Search search = search();
        return Map.of("search", search, "request", search.kind().request(), "path", search.path());
    }

    private Search search() {
        Search.Kind kind = Search.Kind.at(random.nextInt(PERCENT));
        PluginSummary plugin = plugins.get(random.nextInt(plugins.size()));
        List<String> words = words(plugin);
        String word = words.get(random.nextInt(words.size()));
        return switch (kind) {
            case WORD -> text(kind, word, Search.Hits.SOME);
            case WORDS -> text(kind, String.join(" ", two(words)), Search.Hits.SOME);
            case PREFIX -> text(kind, word.substring(0, prefix(word)), Search.Hits.SOME);
            case SLIP -> text(kind, slip(word), Search.Hits.ANY);
            case NAME -> text(kind, plugin.id(), Search.Hits.SOME);
            case CATEGORY -> filter(kind, plugin, plugin.categories().stream().findFirst());
            case LICENSE -> filter(kind, plugin, plugin.license());
            case FACETS -> of(kind, q(word) + "&facets=true" + sort(true), Search.Hits.SOME);
            case NOTHING -> text(kind, nothing(), Search.Hits.NONE);
            case ALL -> of(kind, sort(false), Search.Hits.SOME);
        };
    }

    private static List<String> words(PluginSummary plugin) {
        List<String> words =
                BETWEEN_WORDS
                        .splitAsStream(
                                (plugin.name() + " " + plugin.title()).toLowerCase(Locale.ROOT))
                        .filter(word -> word.length() > 1)
                        .distinct()
                        .toList();
        return words.isEmpty() ? List.of(plugin.name()) : words;
    }

    private List<String> two(List<String> words) {
        int first = random.nextInt(words.size());
        return List.of(words.get(first), words.get((first + 1) % words.size()));
    }

    private int prefix(String word) {
        return word.length() <= 2 ? word.length() : random.nextInt(2, word.length());
    }

    /** Two letters change places, or one is left out, doubled or another. */
    private String slip(String word) {
        if (word.length() < SLIP_LENGTH) {
            return word + word.charAt(word.length() - 1);
        }
        int at = random.nextInt(1, word.length() - 1);
        String before = word.substring(0, at);
        String after = word.substring(at + 1);
        return switch (random.nextInt(4)) {
            case 0 -> before + after.charAt(0) + word.charAt(at) + after.substring(1);
            case 1 -> before + after;
            case 2 -> before + word.charAt(at) + word.charAt(at) + after;
            default -> before + RARE_LETTERS.charAt(random.nextInt(RARE_LETTERS.length())) + after;
        };
    }

    private String nothing() {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            word.append(RARE_LETTERS.charAt(random.nextInt(RARE_LETTERS.length())));
        }
        return word.toString();
    }

    private Search text(Search.Kind kind, String text, Search.Hits hits) {
        return of(kind, q(text) + sort(true), hits);
    }

    private Search filter(Search.Kind kind, PluginSummary plugin, Optional<String> value) {
        if (value.isEmpty()) {
            return text(Search.Kind.NAME, plugin.id(), Search.Hits.SOME);
        }
        String filter = "&" + kind.name().toLowerCase(Locale.ROOT) + "=" + encode(value.get());
        boolean category = kind == Search.Kind.CATEGORY;
        return new Search(
                kind,
                path(filter + sort(false)),
                Search.Hits.SOME,
                category ? value : Optional.empty(),
                category ? Optional.empty() : value,
                random.nextInt(PERCENT) < SECOND_PAGES);
    }

    private Search of(Search.Kind kind, String parameters, Search.Hits hits) {
        return new Search(
                kind,
                path(parameters),
                hits,
                Optional.empty(),
                Optional.empty(),
                random.nextInt(PERCENT) < SECOND_PAGES);
    }

    /** Half of the searches with words are by relevance. */
    private String sort(boolean words) {
        return words && random.nextBoolean()
                ? ""
                : "&sort=" + ORDERS.get(random.nextInt(ORDERS.size()));
    }

    private static String path(String parameters) {
        return "/api/v1/plugins?limit=" + Search.LIMIT + parameters;
    }

    private static String q(String text) {
        return "&q=" + encode(text);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
