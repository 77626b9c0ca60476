package dev.modunest.loader.auth;

import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.auth.TokenEndpoint.Answer;
import dev.modunest.loader.fetch.Authorization;
import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.log.LoaderLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The access token of this host: in memory only, renewed before it expires by one of those who need
 * it. While the issuer is away requests carry the old token, then none, which is enough for what is
 * public. Thread-safe.
 */
public final class HostTokens implements Authorization {

    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(30);
    private static final Duration NOTABLE_SKEW = Duration.ofSeconds(30);

    /** What an edge can serve does not wait for long when the issuer is away. */
    private static final FetchOptions TOKEN_REQUESTS =
            new FetchOptions(
                    Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(10), 2, 1);

    private final HostCredentials host;
    private final HttpTransport transport;
    private final TokenEndpoint endpoint;
    private final InstantSource clock;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile @Nullable Token token;
    private Duration skew = Duration.ZERO;
    private Instant notBefore = Instant.MIN;
    private Optional<String> refusal = Optional.empty();

    HostTokens(HostCredentials host, HttpTransport transport, InstantSource clock) {
        this.host = host;
        this.transport = transport;
        this.endpoint = new TokenEndpoint(host, transport);
        this.clock = clock;
    }

    /**
     * A transport whose requests say which host asks, when {@code options} have its credentials.
     */
    public static HttpTransport transport(LoaderOptions options) {
        Authorization authorization =
                options.identity()
                        .host()
                        .<Authorization>map(
                                host ->
                                        new HostTokens(
                                                host,
                                                new HttpTransport(TOKEN_REQUESTS, Thread::sleep),
                                                InstantSource.system()))
                        .orElse(Authorization.NONE);
        return new HttpTransport(
                options.fetch(), Thread::sleep, authorization, options.observers().tracing());
    }

    /**
     * A token.
     *
     * @param renewFrom when it is time for the next
     */
    private record Token(String header, Instant renewFrom, Instant expires) {}

    @Override
    public Optional<String> of(URI uri) throws FetchException, InterruptedException {
        if (!host.mayGoTo(uri)) {
            return Optional.empty();
        }
        Token current = token;
        if (current != null && clock.instant().isBefore(current.renewFrom())) {
            return Optional.of(current.header());
        }
        return renewed(current);
    }

    @Override
    public void refused(String header) {
        Token current = token;
        if (current != null && current.header().equals(header)) {
            token = null;
        }
    }

    /** Renews, unless another does or did; who has a token that is still good does not wait. */
    private Optional<String> renewed(@Nullable Token seen)
            throws FetchException, InterruptedException {
        if (isGood(seen)) {
            if (!renewing.tryLock()) {
                return header(seen);
            }
        } else {
            renewing.lockInterruptibly();
        }
        try {
            Token current = token;
            Instant now = clock.instant();
            boolean renewedMeanwhile = current != null && now.isBefore(current.renewFrom());
            if (!renewedMeanwhile && !now.isBefore(notBefore)) {
                renew(now);
            }
            if (refusal.isPresent()) {
                throw new FetchException("host-refused", refusal.get());
            }
            Token latest = token;
            return isGood(latest) ? header(latest) : Optional.empty();
        } finally {
            renewing.unlock();
        }
    }

    private boolean isGood(@Nullable Token one) {
        return one != null && clock.instant().isBefore(one.expires());
    }

    private static Optional<String> header(@Nullable Token one) {
        return Optional.ofNullable(one).map(Token::header);
    }

    private void renew(Instant now) throws InterruptedException {
        try {
            Answer answer = endpoint.ask(now.plus(skew));
            if (answer instanceof Answer.Refused refused && learnSkew(refused, now)) {
                answer = endpoint.ask(now.plus(skew));
            }
            switch (answer) {
                case Answer.Issued issued -> take(issued, now);
                case Answer.Refused refused -> {
                    token = null;
                    refusal = Optional.of(text(refused));
                    notBefore = now.plus(PAUSE_AFTER_REFUSAL);
                }
            }
        } catch (IOException away) {
            notBefore = now.plus(PAUSE_AFTER_TROUBLE);
            LoaderLog.get()
                    .log(
                            Level.WARNING,
                            "no access token from {0} for this host: {1}",
                            host.issuer(),
                            away.getMessage());
        }
    }

    private void take(Answer.Issued issued, Instant now) {
        Instant expires = now.plus(issued.lifetime());
        token =
                new Token(
                        "Bearer " + issued.token(),
                        now.plus(issued.lifetime().multipliedBy(4).dividedBy(5)),
                        expires);
        refusal = Optional.empty();
        notBefore = Instant.MIN;
    }

    /** Whether the issuer's clock, which tells assertions old from new, is not the one assumed. */
    private boolean learnSkew(Answer.Refused refused, Instant now) {
        Optional<Duration> actual = refused.date().map(date -> Duration.between(now, date));
        if (actual.isEmpty() || actual.get().minus(skew).abs().compareTo(NOTABLE_SKEW) <= 0) {
            return false;
        }
        skew = actual.get();
        LoaderLog.get()
                .log(
                        Level.WARNING,
                        "the clock of this host is {0} that of {1}: set it",
                        difference(),
                        host.issuer());
        return true;
    }

    private String text(Answer.Refused refused) {
        return host.issuer()
                + " refuses this host, "
                + host.host()
                + " ("
                + RejectedException.shown(refused.error() + ": " + refused.description())
                + "): when it was revoked or its key is another, ask an administrator for an"
                + " enrolment code and type 'host enrol --replace'"
                + (skew.isZero() ? "" : "; its clock is " + difference() + " the issuer's");
    }

    private String difference() {
        return skew.abs().toSeconds() + (skew.isPositive() ? " s behind" : " s ahead of");
    }

    @Override
    public void close() {
        transport.close();
    }
}
