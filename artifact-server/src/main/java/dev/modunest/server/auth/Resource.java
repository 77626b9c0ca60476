package dev.modunest.server.auth;

import dev.modunest.format.PluginId;

import java.util.Optional;

/** What an action is done to. */
public sealed interface Resource {

    /** A plugin of the namespace, or the namespace. */
    static Resource of(String namespace, Optional<String> plugin) {
        return plugin.<Resource>map(name -> new OfPlugin(new PluginId(namespace, name)))
                .orElseGet(() -> new OfNamespace(namespace));
    }

    /** The registry as a whole: its accounts, audit and policy. */
    record Registry() implements Resource {
        @Override
        public String toString() {
            return "registry";
        }
    }

    /** What belongs to the caller: its account, tokens, sessions and publishes. */
    record Self() implements Resource {
        @Override
        public String toString() {
            return "self";
        }
    }

    record OfNamespace(String namespace) implements Resource {
        @Override
        public String toString() {
            return "namespace " + namespace;
        }
    }

    record OfPlugin(PluginId plugin) implements Resource {
        @Override
        public String toString() {
            return "plugin " + plugin;
        }
    }

    record OfOrganization(String organization) implements Resource {
        @Override
        public String toString() {
            return "organization " + organization;
        }
    }
}
