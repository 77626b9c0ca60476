package dev.modunest.edge.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rules of WHATWG HTML 9.2.6. */
final class EventParserTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void linesEndInAnyWay(String end) {
        assertThat(parse(1, "event: a%1$sdata: 1%1$s%1$sdata: 2%1$s%1$s".formatted(end)))
                .containsExactly(
                        new ServerSentEvent("a", "1"), new ServerSentEvent("message", "2"));
    }

    @Test
    void piecesMayBeOfAnySize() {
        String stream =
                "\uFEFFid: 1\nevent: a\ndata: é\n\n: comment\nretry: 5\ndata:x\ndata: y\n\n";
        for (int size = 1; size < 40; size++) {
            assertThat(parse(size, stream))
                    .containsExactly(
                            new ServerSentEvent("a", "é"), new ServerSentEvent("message", "x\ny"));
        }
    }

    @Test
    void oneBlankAfterTheColonIsLeftOut() {
        assertThat(parse(100, "data:  two\n\ndata\n\n"))
                .containsExactly(
                        new ServerSentEvent("message", " two"), new ServerSentEvent("message", ""));
    }

    @Test
    void anEventWithoutDataOrWithoutItsEndIsNone() {
        assertThat(parse(100, "event: a\n\n\n\nevent: b\ndata: 1\n")).isEmpty();
    }

    @Test
    void anEventIsBounded() {
        EventParser parser = new EventParser(10);
        assertThat(parser.parse(bytes("data: 1234\n\ndata: 1234\n\n"))).hasSize(2);
        assertThatThrownBy(() -> parser.parse(bytes("data: 12345"))).hasMessageContaining("10");
        assertThatThrownBy(() -> new EventParser(10).parse(bytes(":1\n:2\n:3\n:4\n:5\n:6\n")))
                .hasMessageContaining("purge.max_event");
    }

    private static List<ServerSentEvent> parse(int size, String stream) {
        EventParser parser = new EventParser(1000);
        byte[] all = bytes(stream);
        List<ServerSentEvent> events = new ArrayList<>();
        for (int at = 0; at < all.length; at += size) {
            events.addAll(
                    parser.parse(Arrays.copyOfRange(all, at, Math.min(all.length, at + size))));
        }
        return events;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
