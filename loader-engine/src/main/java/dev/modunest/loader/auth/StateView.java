package dev.modunest.loader.auth;

import dev.modunest.loader.OwnedAuthenticationState;
import dev.modunest.loader.UserIdentity;

import java.util.Optional;

/** A state as one viewer has it: asked anew each time whether it may be seen. Thread-safe. */
record StateView(SharedState state, Viewer viewer, AuthService service)
        implements OwnedAuthenticationState {

    @Override
    public String id() {
        return state.id();
    }

    @Override
    public boolean active() {
        return service.states().isActive(state) && viewer.sees(state);
    }

    @Override
    public UserIdentity user() {
        return seen().user();
    }

    @Override
    public Optional<String> attribute(String by, String name) {
        return seen().attribute(by, name);
    }

    @Override
    public void put(String name, String value) {
        seen().put(viewer.name(), name, value);
    }

    @Override
    public void share(String plugins) {
        owned().share(IdPattern.parse(plugins));
    }

    @Override
    public void unshare(String plugins) {
        owned().unshare(IdPattern.parse(plugins));
    }

    @Override
    public void renew(UserIdentity user) {
        owned().renew(service.own(user));
    }

    @Override
    public void end() {
        if (isOwner()) {
            service.states().end(state);
        } else {
            owned();
        }
    }

    private SharedState seen() {
        if (!active()) {
            throw new IllegalStateException(
                    "the authentication state has ended or is not shared with " + viewer.name());
        }
        return state;
    }

    private SharedState owned() {
        if (!isOwner()) {
            throw new IllegalStateException(viewer.name() + " does not own the state");
        }
        return seen();
    }

    private boolean isOwner() {
        return viewer.name().equals(state.owner());
    }

    @Override
    public String toString() {
        return "authentication state " + state.id();
    }
}
