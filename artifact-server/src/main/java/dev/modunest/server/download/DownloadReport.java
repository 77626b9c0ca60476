package dev.modunest.server.download;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.db.DownloadStore.Count;
import dev.modunest.format.Digest;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What an edge reports. */
record DownloadReport(String source, long sequence, List<Count> counts) {

    private static final Pattern SOURCE = Pattern.compile("[0-9a-zA-Z-]{1,56}");
    private static final long MAX_COUNT = 1_000_000_000_000L;
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /**
     * Reads {@code {"source", "sequence", "days": {"<day>": {"<digest>": count}}}}.
     *
     * @throws IllegalArgumentException with a sentence that names what is wrong
     */
    static DownloadReport read(byte[] json) {
        JsonNode root = tree(json);
        String source = root.path("source").asText();
        JsonNode sequence = root.path("sequence");
        if (!SOURCE.matcher(source).matches()) {
            throw new IllegalArgumentException(
                    "source is 1 to 56 letters, digits and hyphens; an edge's is a UUID");
        }
        if (!sequence.canConvertToLong() || sequence.asLong() < 1) {
            throw new IllegalArgumentException("sequence is a whole number above zero");
        }
        List<Count> counts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> day : object("days", root.path("days"))) {
            LocalDate date = date(day.getKey());
            for (Map.Entry<String, JsonNode> count : object(day.getKey(), day.getValue())) {
                counts.add(new Count(Digest.parse(count.getKey()), date, number(count.getValue())));
            }
        }
        return new DownloadReport("edge:" + source, sequence.asLong(), List.copyOf(counts));
    }

    private static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    "the body is not JSON: " + malformed.getOriginalMessage(), malformed);
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    private static Set<Map.Entry<String, JsonNode>> object(String name, JsonNode value) {
        if (!value.isObject()) {
            throw new IllegalArgumentException(name + " is not an object");
        }
        return value.properties();
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a day: write it as 2026-11-24", malformed);
        }
    }

    private static long number(JsonNode count) {
        if (!count.canConvertToLong() || count.asLong() < 1 || count.asLong() > MAX_COUNT) {
            throw new IllegalArgumentException("'" + count + "' is not a count: 1 to " + MAX_COUNT);
        }
        return count.asLong();
    }
}
