package dev.modunest.loader.auth;

import dev.modunest.loader.AuthenticationResult;
import dev.modunest.loader.AuthenticationState;
import dev.modunest.loader.OwnedAuthenticationState;
import dev.modunest.loader.PluginAuthentication;
import dev.modunest.loader.UserIdentity;
import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Users as one plugin sees them, until it stops: then nothing here refers to it. Thread-safe. */
final class PluginUsers implements PluginAuthentication {

    private static final int MAX_LISTENERS = 16;

    private final Viewer viewer;
    private final AuthService service;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    PluginUsers(Viewer viewer, AuthService service) {
        this.viewer = viewer;
        this.service = service;
    }

    Viewer viewer() {
        return viewer;
    }

    @Override
    public AuthenticationResult authenticateUser(String accessToken) {
        return service.authenticateUser(accessToken);
    }

    @Override
    public synchronized OwnedAuthenticationState shareAuthenticationState(
            UserIdentity user, Set<String> plugins) {
        requireOpen();
        return service.share(viewer, user, plugins);
    }

    @Override
    public synchronized Optional<AuthenticationState> find(String id) {
        return viewer.gone().get()
                ? Optional.empty()
                : service.states()
                        .find(id)
                        .filter(viewer::sees)
                        .map(state -> new StateView(state, viewer, service));
    }

    @Override
    public synchronized void onEnd(Consumer<String> listener) {
        requireOpen();
        if (listeners.size() == MAX_LISTENERS) {
            throw new IllegalStateException(
                    viewer.name() + " has " + MAX_LISTENERS + " listeners: share one");
        }
        listeners.add(listener);
        service.states().listen(this);
    }

    private void requireOpen() {
        if (viewer.gone().get()) {
            throw new IllegalStateException(viewer.name() + " has stopped");
        }
    }

    /** Tells the plugin; what its listeners throw is logged. */
    @SuppressWarnings("CatchingUnchecked") // listeners are a plugin's
    void ended(String id) {
        for (Consumer<String> listener : listeners) {
            try {
                listener.accept(id);
            } catch (RuntimeException | LinkageError fault) {
                LoaderLog.get()
                        .log(
                                Level.WARNING,
                                "{0} threw when told of the end of a state: {1}",
                                viewer.name(),
                                fault.getClass().getName());
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            viewer.gone().set(true);
            listeners.clear();
        }
        service.states().forget(this);
        service.states().endOwnedBy(viewer);
    }
}
