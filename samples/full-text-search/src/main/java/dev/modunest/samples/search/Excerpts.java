package dev.modunest.samples.search;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The part of a text around the first word wanted. */
final class Excerpts {

    private static final int BEFORE = 60;
    private static final int LENGTH = 160;
    private static final String CUT = "…";

    private final Analyzer analyzer;

    Excerpts(Analyzer analyzer) {
        this.analyzer = analyzer;
    }

    /** Of {@code body} around the first of {@code wanted}, its beginning when there is none. */
    String of(String body, List<String> wanted) throws IOException {
        int start = wordAt(body, Math.max(0, firstOf(body, wanted) - BEFORE));
        int end = Math.min(body.length(), start + LENGTH);
        if (end < body.length()) {
            int space = body.lastIndexOf(' ', end);
            end = space > start ? space : end;
        }
        String excerpt = body.substring(start, end).replaceAll("\\s+", " ").strip();
        return (start > 0 ? CUT : "") + excerpt + (end < body.length() ? CUT : "");
    }

    private static int wordAt(String body, int at) {
        return at == 0 ? 0 : Math.max(at, body.indexOf(' ', at) + 1);
    }

    private int firstOf(String body, List<String> wanted) throws IOException {
        List<String> words = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        for (String part : wanted) {
            if (part.endsWith("*")) {
                prefixes.add(part.substring(0, part.length() - 1).toLowerCase(Locale.ROOT));
            } else {
                words.addAll(words(part));
            }
        }
        try (TokenStream tokens = analyzer.tokenStream(LuceneIndex.BODY, body)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            OffsetAttribute offset = tokens.addAttribute(OffsetAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                String word = term.toString();
                if (words.contains(word) || prefixes.stream().anyMatch(word::startsWith)) {
                    return offset.startOffset();
                }
            }
            return 0;
        }
    }

    private List<String> words(String text) throws IOException {
        List<String> words = new ArrayList<>();
        try (TokenStream tokens = analyzer.tokenStream(LuceneIndex.BODY, text)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                words.add(term.toString());
            }
        }
        return words;
    }
}
