package dev.modunest.edge.listen;

import io.vertx.core.transport.Transport;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** By which interface of the system sockets are used. */
public enum SocketTransport {
    /** epoll where it is there, else NIO. */
    AUTO,
    EPOLL,
    IO_URING,
    NIO;

    /**
     * Makes the transport ready.
     *
     * @throws IllegalArgumentException when this machine does not have it
     */
    public FrontTransport open() {
        return new FrontTransport(
                switch (this) {
                    case AUTO ->
                            Transport.EPOLL != null && Transport.EPOLL.available()
                                    ? Transport.EPOLL
                                    : Transport.NIO;
                    case EPOLL -> available(Transport.EPOLL);
                    case IO_URING -> available(Transport.IO_URING);
                    case NIO -> Transport.NIO;
                });
    }

    private Transport available(@Nullable Transport transport) {
        if (transport != null && transport.available()) {
            return transport;
        }
        throw new IllegalArgumentException(
                "listen.transport is "
                        + name().toLowerCase(Locale.ROOT)
                        + ", which this machine does not have"
                        + (transport == null || transport.unavailabilityCause() == null
                                ? ""
                                : " (" + transport.unavailabilityCause().getMessage() + ")")
                        + ": write auto");
    }
}
