/** The all-in-one jar as a module: the API, and nothing of what it is made of. */
module dev.modunest.loader {
    requires java.logging;
    requires java.net.http;
    requires static io.opentelemetry.api;
    requires static io.opentelemetry.context;
    requires static java.management;
    requires static java.sql;
    requires static jdk.jfr;
    requires static simpleclient;

    exports dev.modunest.format;
    exports dev.modunest.format.http;
    exports dev.modunest.format.resolve;
    exports dev.modunest.format.sign;
    exports dev.modunest.format.trust;
    exports dev.modunest.format.trust.bundle;
    exports dev.modunest.format.trust.root;
    exports dev.modunest.format.trust.sigstore;
    exports dev.modunest.format.trust.stamp;
    exports dev.modunest.format.trust.statement;
    exports dev.modunest.format.trust.x509;
    exports dev.modunest.format.tuf;
    exports dev.modunest.loader;
    exports dev.modunest.loader.observe;

    uses dev.modunest.loader.PluginAuthService.Provider;
    uses dev.modunest.loader.PluginLoader.Provider;

    provides dev.modunest.loader.PluginAuthService.Provider with
            dev.modunest.loader.auth.AuthServiceProvider;
    provides dev.modunest.loader.PluginLoader.Provider with
            dev.modunest.loader.lifecycle.EngineProvider;
}
