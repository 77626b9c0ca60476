package dev.modunest.edge.listen;

import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

/** A connection whose protocol is not known yet: the TLS handshake, or nothing at all. */
final class Opening implements Conversation {

    private final Channel channel;
    private final Front front;
    private boolean begun;
    private long since;

    /**
     * @param since when the client has begun; meaningless without a handshake
     */
    Opening(Channel channel, Front front, boolean handshake, long since) {
        this.channel = channel;
        this.front = front;
        this.begun = handshake;
        this.since = since;
    }

    @Override
    public void heard(long now) {
        if (!begun) {
            begun = true;
            since = now;
        }
    }

    @Override
    public boolean isQuiet() {
        return !begun;
    }

    @Override
    public @Nullable Ending overdue(long now, boolean reading, long sinceRead) {
        return begun && now - since > front.settings().headerTimeout().toMillis()
                ? Ending.HEADER_TIMEOUT
                : null;
    }

    @Override
    public void drain() {}

    @Override
    public void end(Ending why) {
        var _ = channel.close();
    }
}
