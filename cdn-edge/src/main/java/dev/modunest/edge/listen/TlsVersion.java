package dev.modunest.edge.listen;

import java.util.Set;

/** The least version of TLS that is spoken. */
public enum TlsVersion {
    TLS1_2,
    TLS1_3;

    /** By the names of the JDK. */
    Set<String> protocols() {
        return switch (this) {
            case TLS1_2 -> Set.of("TLSv1.2", "TLSv1.3");
            case TLS1_3 -> Set.of("TLSv1.3");
        };
    }
}
