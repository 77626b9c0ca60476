package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.StreamResetException;

import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.util.concurrent.TimeoutException;

final class OriginFailureTest {

    @Test
    void everyTroubleOfTheClientHasItsKind() {
        assertThat(kind(new ConnectException("refused"))).isEqualTo(OriginFailure.Kind.UNREACHABLE);
        assertThat(kind(new ConnectTimeoutException("late"))).isEqualTo(OriginFailure.Kind.TIMEOUT);
        assertThat(kind(new TimeoutException())).isEqualTo(OriginFailure.Kind.TIMEOUT);
        assertThat(kind(new ConnectionPoolTooBusyException("full")))
                .isEqualTo(OriginFailure.Kind.BUSY);
        assertThat(kind(new IllegalStateException())).isEqualTo(OriginFailure.Kind.UNREACHABLE);
        OriginFailure own = new OriginFailure(OriginFailure.Kind.INVALID, "own");
        assertThat(OriginFailure.of(own)).isSameAs(own);
        assertThat(OriginFailure.of(new StreamResetException(8, own))).isSameAs(own);
    }

    private static OriginFailure.Kind kind(Throwable cause) {
        return OriginFailure.of(cause).kind();
    }
}
