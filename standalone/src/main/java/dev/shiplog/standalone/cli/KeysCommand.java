package dev.shiplog.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.standalone.StartFailure;
import dev.shiplog.standalone.client.ClusterApi;
import dev.shiplog.standalone.client.Kinds;
import dev.shiplog.topics.seal.Keyring;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The keys of encryption at rest: to make one, and to go over to it. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Make keys for encryption at rest, and go over to new ones (docs/security.md).")
final class KeysCommand {

  private static final int CONFLICT = 409;
  private static final int GONE = 404;
  private static final int MOST_TRIES = 20;

  @Spec private CommandSpec spec;

  @Command(
      name = "new",
      mixinStandardHelpOptions = true,
      description = {
        "Add a new key to a key file, which is made if it is not there. As the first one, it",
        "encrypts from the next start of an API server on."
      })
  int make(
      @Parameters(paramLabel = "FILE", description = "The key file.") Path file,
      @Parameters(paramLabel = "NAME", description = "Name of the key, for example 2026-01.")
          String name,
      @Option(
              names = "--last",
              description = {
                "Add it as the last one, which only decrypts: the first step where several API",
                "servers run."
              })
          boolean last) {
    try {
      List<String> lines = new ArrayList<>();
      if (Files.exists(file)) {
        if (Keyring.read(file).names().contains(name)) {
          throw new StartFailure("the key file " + file + " has a key named " + name + " already");
        }
        lines.addAll(Files.readAllLines(file));
      }
      lines.add(last ? lines.size() : 0, Keyring.newLine(name, new SecureRandom()));
      write(file.toAbsolutePath(), lines);
      return 0;
    } catch (IOException e) {
      throw new StartFailure("cannot write the key file " + file + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new StartFailure(e.getMessage());
    }
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(draft, lines);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Command(
      name = "rewrite",
      mixinStandardHelpOptions = true,
      description = {
        "Write every object anew as it is, so that it is encrypted with the first key of the API",
        "server's key file. What is encrypted so already is left as it is."
      })
  int rewrite(
      @Mixin KubeOptions kube,
      @Parameters(
              paramLabel = "RESOURCE",
              arity = "0..*",
              defaultValue = "secrets",
              description = "Whose objects. Default: ${DEFAULT-VALUE}")
          List<String> resources) {
    PrintWriter out = spec.commandLine().getOut();
    try (ClusterApi api = kube.api()) {
      Kinds kinds = new Kinds(api);
      for (String resource : resources) {
        Kinds.Kind kind = kinds.named(resource);
        int looked = 0;
        int written = 0;
        for (JsonNode object : objects(api, kind)) {
          looked++;
          written += rewrite(api, kind, object) ? 1 : 0;
        }
        out.printf("%s: %d objects, %d written anew%n", kind.plural(), looked, written);
      }
      out.flush();
    }
    return 0;
  }

  private static List<JsonNode> objects(ClusterApi api, Kinds.Kind kind) {
    List<JsonNode> objects = new ArrayList<>();
    api.each(kind.path() + "?limit=500", objects::add);
    return objects;
  }

  /** Somebody else may write it at the same time; that seals it anew as well, but may not be it. */
  private static boolean rewrite(ClusterApi api, Kinds.Kind kind, JsonNode listed) {
    String path =
        kind.path(
            listed.at("/metadata/namespace").asText(""), listed.at("/metadata/name").asText());
    for (int tries = 1; ; tries++) {
      try {
        JsonNode object = api.get(path);
        JsonNode written = api.put(path, object);
        return !written
            .at("/metadata/resourceVersion")
            .equals(object.at("/metadata/resourceVersion"));
      } catch (ClusterApi.Refusal refusal) {
        if (refusal.code() == GONE) {
          return false;
        }
        if (refusal.code() != CONFLICT || tries == MOST_TRIES) {
          throw refusal;
        }
      }
    }
  }
}
