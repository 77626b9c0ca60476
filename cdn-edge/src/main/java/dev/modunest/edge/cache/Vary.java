package dev.modunest.edge.cache;

import io.vertx.core.MultiMap;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The request fields by which the origin has chosen a response (RFC 9110 12.5.5), in lower case and
 * in order.
 *
 * @param anything it has chosen by more than fields: {@code *}
 */
public record Vary(List<String> names, boolean anything) {

    /**
     * Fields whose values are the same in any case, and whose members in any order, because their
     * weights alone rank them (RFC 9110 12.5.2 to 12.5.4).
     */
    private static final List<String> WEIGHTED =
            List.of("accept-encoding", "accept-language", "accept-charset");

    public static final Vary NONE = new Vary(List.of(), false);

    public Vary {
        names = List.copyOf(names);
    }

    public static Vary of(MultiMap fields) {
        List<String> lines = fields.getAll("Vary");
        if (lines.isEmpty()) {
            return NONE;
        }
        TreeSet<String> names = new TreeSet<>();
        for (String line : lines) {
            for (String name : line.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        names.remove("");
        return new Vary(List.copyOf(names), names.contains("*"));
    }

    /** Whether requests differ in it that the edge makes without the client's own fields. */
    public boolean matters() {
        // No Accept-Encoding is sent then.
        return anything || !(names.isEmpty() || names.equals(List.of("accept-encoding")));
    }

    /** The values of the fields in a request, by which it is told from another variant. */
    public List<String> select(MultiMap request) {
        return names.stream()
                .map(name -> normalized(request.getAll(name), WEIGHTED.contains(name)))
                .toList();
    }

    /** Lines joined, spaces around members dropped (RFC 9111 4.1); absent as a text of its own. */
    private static String normalized(List<String> lines, boolean weighted) {
        if (lines.isEmpty()) {
            return "-";
        }
        Stream<String> members =
                lines.stream().flatMap(line -> Stream.of(line.split(",", -1))).map(String::strip);
        Stream<String> told =
                weighted
                        ? members.filter(member -> !member.isEmpty())
                                .map(member -> member.replace(" ", "").replace("\t", ""))
                                .map(member -> member.toLowerCase(Locale.ROOT))
                                .sorted()
                        : members;
        return told.collect(Collectors.joining(",", "=", ""));
    }
}
