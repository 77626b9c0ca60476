package dev.modunest.edge.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, nearest to its socket: knows when bytes went in and out, and ends it
 * when it takes too long. On its event loop alone.
 */
final class ClientConnection extends ChannelDuplexHandler {

    /** How long a connection without a request stays for the next one while the edge drains. */
    private static final long DRAIN_IDLE_MILLIS = 2_000;

    private final Front front;
    private @Nullable LoopWatch loop;
    private @Nullable Channel channel;
    private @Nullable Conversation conversation;
    private int place;
    private long read;
    private long flushed;
    private long progressed;
    private int writing;
    private long progress;
    private boolean drained;

    ClientConnection(Front front) {
        this.front = front;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        channel = ctx.channel();
        LoopWatch watch = LoopWatch.of(channel.eventLoop());
        loop = watch;
        watch.add(this);
        long now = watch.now();
        read = now;
        flushed = now;
        progressed = now;
        conversation = ProtocolChoice.install(ctx.pipeline(), front, this);
        super.channelActive(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        if (loop != null) {
            loop.remove(this, place);
            loop = null;
        }
        super.channelInactive(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (loop != null && conversation != null) {
            read = loop.now();
            conversation.heard(read);
        }
        super.channelRead(ctx, message);
    }

    @Override
    public void flush(ChannelHandlerContext ctx) throws Exception {
        flushed = now();
        super.flush(ctx);
    }

    /** The protocol is known. */
    void speaks(Conversation protocol) {
        conversation = protocol;
    }

    long now() {
        return loop == null ? 0 : loop.now();
    }

    void place(int at) {
        place = at;
    }

    /** Closes without a word to the client, which does not listen. */
    void abort() {
        if (channel != null) {
            channel.unsafe().close(channel.voidPromise());
        }
    }

    void tick(long now) {
        if (channel == null || conversation == null) {
            return;
        }
        boolean reading = channel.config().isAutoRead();
        if (!reading) {
            read = now;
        }
        Ending why = overdue(channel, conversation, now, reading);
        if (why != null) {
            front.ended(why);
            if (why == Ending.WRITE_TIMEOUT) {
                abort();
            } else {
                conversation.end(why);
            }
        } else if (front.isDraining() && !drained) {
            drained = true;
            conversation.drain();
        }
    }

    private @Nullable Ending overdue(Channel of, Conversation said, long now, boolean reading) {
        ListenSettings bounds = front.settings();
        if (isStalled(of, now, bounds)) {
            return Ending.WRITE_TIMEOUT;
        }
        long idle = now - Math.max(Math.max(read, flushed), progressed);
        if (idle > bounds.idleTimeout().toMillis()) {
            return Ending.IDLE;
        }
        if (front.isDraining() && idle > DRAIN_IDLE_MILLIS && said.isQuiet()) {
            return Ending.DRAINED;
        }
        return said.overdue(now, reading, now - read);
    }

    /** Whether the client takes nothing of what is to be sent. */
    private boolean isStalled(Channel of, long now, ListenSettings bounds) {
        ChannelOutboundBuffer buffer = of.unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            writing = 0;
            progressed = Math.max(progressed, flushed);
            return false;
        }
        int current = System.identityHashCode(buffer.current());
        if (current != writing || buffer.currentProgress() != progress) {
            writing = current;
            progress = buffer.currentProgress();
            progressed = now;
        }
        return now - progressed > bounds.writeTimeout().toMillis();
    }
}
