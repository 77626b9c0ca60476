package dev.modunest.server.signin;

import dev.modunest.format.Digest;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** HTML of the sign-in pages: no script, nothing from elsewhere, every text escaped. */
final class Pages {

    private static final String STYLE =
            """
            :root{color-scheme:light dark}
            body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem}
            h1{font-size:1.4rem}label{display:block;margin:.8rem 0 .2rem}
            input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #8888;border-radius:.4rem}
            button,a.button{display:block;font:inherit;width:100%;box-sizing:border-box;text-align:center;margin-top:1rem;padding:.6rem;
            border:1px solid #3568d4;border-radius:.4rem;background:#3568d4;color:#fff;text-decoration:none;cursor:pointer}
            button.plain{background:none;color:inherit;border-color:#8888}
            .problem{border-left:4px solid #c33;padding:.2rem .8rem}code{font-size:1.1em}
            """;

    private static final String POLICY =
            "default-src 'none'; style-src 'sha256-"
                    + Base64.getEncoder()
                            .encodeToString(
                                    HexFormat.of()
                                            .parseHex(
                                                    Digest.ofBytes(
                                                                    STYLE.getBytes(
                                                                            StandardCharsets.UTF_8))
                                                            .hex()))
                    + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private Pages() {}

    /** Text as it may stand in content and in quoted attributes. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /**
     * Sends a page.
     *
     * @param body HTML whose texts are escaped
     */
    static void send(ServerResponse response, Status status, String title, String body) {
        String heading = escape(title);
        byte[] page =
                ("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                                + "<meta name=\"viewport\" content=\"width=device-width\"><title>"
                                + heading
                                + "</title><style>"
                                + STYLE
                                + "</style></head><body><main><h1>"
                                + heading
                                + "</h1>"
                                + body
                                + "</main></body></html>")
                        .getBytes(StandardCharsets.UTF_8);
        describe(response);
        response.header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8");
        response.header(HeaderNames.create("Content-Security-Policy"), POLICY);
        response.status(status).send(page);
    }

    /** Sends the browser to {@code location}, with GET. */
    static void redirect(ServerResponse response, String location) {
        describe(response);
        response.header(HeaderNames.LOCATION, location);
        response.status(Status.SEE_OTHER_303).send();
    }

    private static void describe(ServerResponse response) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.create("Referrer-Policy"), "no-referrer");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
    }

    /** What went wrong, and what to do. */
    static String problem(String text) {
        return "<p class=\"problem\" role=\"alert\">" + escape(text) + "</p>";
    }

    static String hidden(String name, String value) {
        return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + escape(value) + "\">";
    }
}
