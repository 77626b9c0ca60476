package dev.modunest.server.oidc;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of a verified token by name, as JSON has them: texts, numbers, booleans, lists and
 * maps. Never shows their values by {@link #toString}.
 */
public record Claims(Map<String, Object> values) {

    public Claims {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The text of a claim; empty when it is absent or no text. */
    public Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /**
     * The texts of a claim that is a text or a list of them; what else is in a list is left out.
     */
    public List<String> texts(String name) {
        return switch (values.get(name)) {
            case String text -> List.of(text);
            case Collection<?> list ->
                    list.stream().filter(String.class::isInstance).map(String.class::cast).toList();
            case null, default -> List.of();
        };
    }

    /** Whether a claim is true, or the text {@code true}, which some providers write. */
    public boolean isTrue(String name) {
        Object value = values.get(name);
        return Boolean.TRUE.equals(value) || "true".equals(value);
    }

    @Override
    public String toString() {
        return "Claims" + values.keySet();
    }
}
