package dev.modunest.server.publish;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a client wants to wait for the end of its publish: {@code Prefer} (RFC 7240) with {@code
 * respond-async} and {@code wait}. What cannot be read is no preference, as the RFC has it.
 *
 * @param applied what the answer tells of it; empty without a preference
 */
record Preference(Duration patience, String applied) {

    private static final HeaderName PREFER = HeaderNames.create("Prefer");
    private static final Pattern ASYNC =
            Pattern.compile("(?:^|,)\\s*respond-async\\s*(?=$|[,;])", Pattern.CASE_INSENSITIVE);
    private static final Pattern WAIT =
            Pattern.compile(
                    "(?:^|,)\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*(?=$|[,;])",
                    Pattern.CASE_INSENSITIVE);

    static Preference of(ServerRequest request, PublishConfig config) {
        return parse(request.headers().first(PREFER).orElse(""), config);
    }

    static Preference parse(String prefer, PublishConfig config) {
        Matcher wait = WAIT.matcher(prefer);
        if (wait.find()) {
            Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
            Duration most = config.maxAnswerWithin();
            return new Preference(
                    asked.compareTo(most) > 0 ? most : asked, "wait=" + wait.group(1));
        }
        return ASYNC.matcher(prefer).find()
                ? new Preference(Duration.ZERO, "respond-async")
                : new Preference(config.answerWithin(), "");
    }
}
