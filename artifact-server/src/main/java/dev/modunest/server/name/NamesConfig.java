package dev.modunest.server.name;

import java.util.List;

/**
 * Which names are refused at the first publish under them.
 *
 * @param reserved more words that are neither namespace nor plugin
 * @param allow plugins that may be published although their names are reserved or look alike
 */
public record NamesConfig(List<String> reserved, List<String> allow) {

    public NamesConfig {
        reserved = List.copyOf(reserved);
        allow = List.copyOf(allow);
    }
}
