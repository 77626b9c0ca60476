package dev.modunest.standalone;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs {@code modunest} inside the test, as the launcher would. */
record Commands(int exit, String out, String err) {

    static Commands run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        int exit = command.execute(arguments);
        return new Commands(exit, out.toString(), err.toString());
    }
}
