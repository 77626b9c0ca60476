package dev.modunest.server.signin;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where a browser goes after a sign-in: a path of this registry, nothing that leads elsewhere. */
final class ReturnPath {

    static final String START = "/api/v1/account";

    private static final int MAX_LENGTH = 500;
    private static final Pattern OWN = Pattern.compile("/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]*");

    private ReturnPath() {}

    static String of(Optional<String> wanted) {
        return wanted.filter(path -> path.length() <= MAX_LENGTH && OWN.matcher(path).matches())
                .orElse(START);
    }
}
