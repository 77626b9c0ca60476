package dev.modunest.loader.trust;

import dev.modunest.format.log.NoteKey;
import dev.modunest.format.sign.SignatureMemory;
import dev.modunest.format.tuf.TufException;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.TrustListener;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.TrustRoot;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.log.LoaderLog;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The trust of one engine: each {@link #refresh} gives what holds at that moment. Thread-safe. */
public final class Trust {

    private final TrustOptions options;
    private final HttpTransport transport;

    /**
     * Trust of one host.
     *
     * @param transport that public files of the registry are read by; stays open
     */
    public Trust(TrustOptions options, HttpTransport transport) {
        this.options = options;
        this.transport = transport;
    }

    /** Work that may meet signatures. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Does {@code work} with the memory of the signatures that were found good before, and keeps
     * those that it adds.
     */
    public <T> T remembering(Work<T> work) throws InterruptedException {
        if (!isVerifying()) {
            return work.run();
        }
        KnownSignatures known = known();
        try {
            return ScopedValue.where(SignatureMemory.CURRENT, known)
                    .<T, InterruptedException>call(work::run);
        } finally {
            known.save();
        }
    }

    private KnownSignatures known() {
        try {
            return KnownSignatures.in(options.home());
        } catch (IOException unusable) {
            throw new LoaderException(
                    "trust-state-unusable",
                    options.home() + " cannot be used for what was trusted: " + unusable,
                    unusable);
        }
    }

    /** Whether anybody's word is asked for at all. */
    public boolean isVerifying() {
        return !(options.root() instanceof TrustRoot.Absent);
    }

    /**
     * What the registry says now; within the grace, or as far as modes go, what it said last.
     *
     * @throws LoaderException when there must be a root and is none, or state cannot be kept
     */
    public ReleaseTrust refresh(Optional<URI> registry) {
        if (!isVerifying()) {
            return ReleaseTrust.UNVERIFIED;
        }
        RegistryFiles files = new RegistryFiles(registry, transport);
        if (options.root() instanceof TrustRoot.FirstUse && !Files.exists(options.home())) {
            Optional<String> absence = SignedRepository.absenceOfRoot(files);
            if (absence.isPresent()) {
                return unrooted(absence.get()); // and leaves no folder
            }
        }
        try {
            StateFolder folder = StateFolder.open(options.home());
            return folder.alone(() -> refresh(folder, files));
        } catch (IOException unusable) {
            throw new LoaderException(
                    "trust-state-unusable",
                    options.home() + " cannot be used for what was trusted: " + unusable,
                    unusable);
        }
    }

    private ReleaseTrust refresh(StateFolder folder, RegistryFiles files) throws IOException {
        SignedRepository repository = new SignedRepository(options, folder, files);
        return switch (start(repository)) {
            case SignedRepository.Start.Rooted _ -> view(repository, folder, files);
            case SignedRepository.Start.Pinned pinned -> {
                tell(listener -> listener.rootPinned(pinned.root()));
                yield view(repository, folder, files);
            }
            case SignedRepository.Start.Rootless none -> unrooted(none.reason());
        };
    }

    private SignedRepository.Start start(SignedRepository repository) {
        try {
            return repository.start();
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new LoaderException(
                    "no-trust-root",
                    "the trust root cannot be read ("
                            + unreadable.getMessage()
                            + "): name the registry's 1.root.json, or a newer root",
                    unreadable);
        }
    }

    private ReleaseTrust unrooted(String reason) {
        if (options.root() instanceof TrustRoot.FirstUse first && first.required()) {
            throw new LoaderException(
                    "no-trust-root",
                    reason
                            + ", and nothing is trusted yet: name a root (--trust-root), or load"
                            + " with digests alone (--trust unverified)");
        }
        tell(listener -> listener.unverified(reason));
        return ReleaseTrust.UNVERIFIED;
    }

    private ReleaseTrust view(SignedRepository repository, StateFolder folder, RegistryFiles files)
            throws IOException {
        RepositoryView state = repository.refresh();
        LogHeads heads = new LogHeads(folder, files, options.clock());
        Optional<TrustBasis> basis = Optional.empty();
        Optional<Fault> fault = state.fault();
        try {
            basis =
                    Optional.of(
                            TrustBasis.read(state, new RevocationFiles(folder, files), options));
        } catch (TufException failed) {
            fault = fault.or(() -> Optional.of(RepositoryView.fault(failed)));
        } catch (IllegalArgumentException malformed) {
            fault = fault.or(() -> Optional.of(malformed(malformed)));
        }
        if (basis.isPresent() && state.isCurrent()) {
            Optional<Fault> forked = look(heads, basis.get());
            fault = fault.or(() -> forked);
        }
        fault.or(state::away)
                .ifPresent(why -> tell(listener -> listener.refreshFailed(why.warning())));
        return new TrustView(options, state, basis, fault, heads, PluginRecords.read(folder));
    }

    private static Optional<Fault> look(LogHeads heads, TrustBasis basis) throws IOException {
        Optional<Fault> forked = Optional.empty();
        for (Map.Entry<String, List<NoteKey>> log : basis.logs().entrySet()) {
            Optional<Fault> here =
                    heads.look(log.getKey(), log.getValue())
                            .filter(found -> found.kind() == Fault.Kind.WRONG);
            forked = forked.or(() -> here);
        }
        return forked;
    }

    private static Fault malformed(IllegalArgumentException fault) {
        return new Fault(
                Fault.Kind.WRONG, "metadata-malformed", String.valueOf(fault.getMessage()));
    }

    /** Tells the host's listener; what it throws is logged. */
    public void tell(Consumer<TrustListener> news) {
        try {
            news.accept(options.watch().listener());
        } catch (RuntimeException thrown) {
            LoaderLog.get().log(Level.WARNING, "the trust listener threw", thrown);
        }
    }
}
