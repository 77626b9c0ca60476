package dev.modunest.edge.serve;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;

final class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/ /",
                "/a/b?c=d /a/b?c=d",
                "/a? /a?",
                "/a?b?c/../d /a?b?c/../d",
                "/%7euser/%41%2d%2E%5f /~user/A-._",
                "/%e2%82%ac?%e2%82%ac /%E2%82%AC?%E2%82%AC",
                "/a%2fb /a%2Fb",
                "/@scope%2fname /@scope%2Fname",
                "/a//b///c /a//b///c",
                "/a/./b/../c /a/c",
                "/a/b/.. /a/",
                "/a/b/. /a/b/",
                "/.. /",
                "/../../a /a",
                "/a//../b /a/b",
                "/%2e%2E/a /a",
                "/a/...//..b/c.. /a/...//..b/c..",
                "/.well-known /.well-known",
                "/a/.? /a/?",
                "/a{b}|c[d] /a%7Bb%7D%7Cc%5Bd%5D",
                "/?f[x]=\"<1>\"^`2` /?f%5Bx%5D=%22%3C1%3E%22%5E%602%60",
                "/a%0Ab /a%0Ab",
                "http://h /",
                "http://h:80/a /a",
                "HTTPS://[::1]:8443?q /?q",
                "http://h/../a /a",
            })
    void hasOneSpelling(String raw, String normal) {
        assertThat(RequestTarget.parse(raw)).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "a",
                "host:80",
                "ftp://h/",
                "http:///a",
                "http://u@h/",
                "http://h:x/",
                "http://h:123456/",
                "http://[x@]/",
                "http://[::1/",
                "/a#b",
                "/a?b#",
                "http://h#x",
                "/a b",
                "/a\\b",
                "/a\u00e9",
                "/a\u007f",
                "/%",
                "/%4",
                "/%4g",
                "/%\uff11\uff11",
                "/?%zz",
                "/%00",
                "/?%00",
                "/a/..%2fb",
                "/a%2F../b",
                "/a%5c..%5Cb",
                "/a/%2e%2e%2fb",
                "/.%2F",
            })
    void isRefused(String raw) {
        assertThat(RequestTarget.parse(raw)).isInstanceOf(ParsedTarget.Malformed.class);
    }

    @Test
    void pathAndQueryAreApart() {
        assertThat(RequestTarget.parse("/a/../b?c%3d"))
                .isInstanceOfSatisfying(
                        RequestTarget.class,
                        target -> {
                            assertThat(target.path()).isEqualTo("/b");
                            assertThat(target.query()).isEqualTo("c%3D");
                        });
        assertThat(RequestTarget.parse("/%61"))
                .isEqualTo(RequestTarget.parse("/a"))
                .hasSameHashCodeAs(RequestTarget.parse("/a"));
    }

    @Property
    void normalizingTwiceIsNormalizingOnce(@ForAll("targets") String raw) {
        if (RequestTarget.parse(raw) instanceof RequestTarget target) {
            assertThat(RequestTarget.parse(target.toString())).isEqualTo(target);
        }
    }

    @Property
    void normalPathHasNoDotSegmentAndIsAUri(@ForAll("targets") String raw) {
        if (RequestTarget.parse(raw) instanceof RequestTarget target) {
            assertThat(target.path()).startsWith("/");
            assertThat(target.path().split("/", -1)).doesNotContain(".", "..");
            assertThat(URI.create("http://h" + target).getRawPath()).isEqualTo(target.path());
        }
    }

    @Property
    void escapingUnreservedCharactersChangesNothing(@ForAll("targets") String raw) {
        String escaped = raw.replace("a", "%61").replace(".", "%2e").replace("~", "%7E");
        assertThat(RequestTarget.parse(escaped).toString())
                .isEqualTo(RequestTarget.parse(raw).toString());
    }

    @Provide
    Arbitrary<String> targets() {
        return Arbitraries.of(
                        "/", "/", ".", "..", "a", "b", "~", "%2F", "%2f", "%5C", "%41", "%7e", "?",
                        "=", "[", "%C3%A9", ";")
                .list()
                .ofMaxSize(12)
                .map(parts -> "/" + String.join("", parts));
    }
}
