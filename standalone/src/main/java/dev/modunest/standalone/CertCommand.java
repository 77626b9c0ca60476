package dev.modunest.standalone;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Certificates of a namespace: see its commands. */
@Command(
        name = "cert",
        mixinStandardHelpOptions = true,
        description = "Certificates that say whose namespace a key signs for.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {CertRequestCommand.class, CertListCommand.class, CertRevokeCommand.class})
final class CertCommand implements Runnable {

    @Spec private CommandSpec spec;

    CertCommand() {}

    static String path(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/certificates";
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command of cert");
    }
}
