package dev.shiplog.standalone.apart;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/** The page of settings, as the interfaces they are read through say it. */
final class SettingsPage {

  private static final String HEAD =
      """
      # Settings

      Parts that run apart (`./shiplog run PART`) are told everything by these. They come, the first that
      has one, from Java's system properties, from environment variables (`shiplog.kafka.bootstrap-servers`
      is `SHIPLOG_KAFKA_BOOTSTRAP_SERVERS`), and from a properties file given with `--config`. Durations are
      written `250ms`, `2s`, `5m`, `24h`; lists are separated by commas.

      Where the API server listens is Quarkus' setting: `quarkus.http.host` (0.0.0.0 apart) and
      `quarkus.http.ssl-port` (6443). So is what it logs: `quarkus.log.level` and the like.

      This page is generated: `SettingsPageTest` compares it with the code, and writes it with
      `-Ddocs.write=true`.
      """;

  private final DocTrees trees;
  private final StringBuilder text = new StringBuilder(HEAD);

  private SettingsPage(DocTrees trees) {
    this.trees = trees;
  }

  /** The page for the interfaces in these files, in this order. */
  static String of(List<Path> files) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      SettingsPage page = new SettingsPage(DocTrees.instance(task));
      for (CompilationUnitTree unit : task.parse()) {
        page.section(unit);
      }
      return page.text.toString();
    }
  }

  private void section(CompilationUnitTree unit) {
    TreePath root = new TreePath(unit);
    ClassTree type = (ClassTree) unit.getTypeDecls().getFirst();
    TreePath path = new TreePath(root, type);
    String prefix = argument(type.getModifiers(), "ConfigMapping", "prefix").orElseThrow();
    text.append("\n## `").append(prefix).append("`\n\n");
    text.append(comment(path, prefix)).append("\n\n");
    text.append("| setting | default | meaning |\n|---|---|---|\n");
    rows(path, type, prefix, "");
  }

  private void rows(TreePath path, ClassTree type, String prefix, String within) {
    List<ClassTree> nested =
        type.getMembers().stream()
            .filter(ClassTree.class::isInstance)
            .map(ClassTree.class::cast)
            .toList();
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method) {
        String name = within + dashed(method.getName().toString());
        Optional<ClassTree> group =
            nested.stream()
                .filter(
                    one -> method.getReturnType().toString().equals(one.getSimpleName().toString()))
                .findFirst();
        if (group.isPresent()) {
          rows(new TreePath(path, group.get()), group.get(), prefix, name + ".");
        } else {
          row(new TreePath(path, method), method, prefix, name);
        }
      }
    }
  }

  private void row(TreePath path, MethodTree method, String prefix, String name) {
    boolean isMap = method.getReturnType().toString().startsWith("Map<");
    text.append("| `")
        .append(name)
        .append(isMap ? ".\"NAME\"" : "")
        .append("` | ")
        .append(
            argument(method.getModifiers(), "WithDefault", "value")
                .map(value -> "`" + value + "`")
                .orElse(""))
        .append(" | ")
        .append(comment(path, prefix))
        .append(" |\n");
  }

  private String comment(TreePath path, String prefix) {
    DocCommentTree comment = trees.getDocCommentTree(path);
    if (comment == null) {
      return "";
    }
    return comment.getFullBody().stream()
        .map(part -> part(part, prefix))
        .collect(Collectors.joining())
        .replaceAll("\\s+", " ")
        .replace("|", "\\|")
        .strip();
  }

  private static String part(DocTree part, String prefix) {
    return switch (part) {
      case com.sun.source.doctree.LiteralTree code -> "`" + code.getBody().getBody() + "`";
      case LinkTree link ->
          "`" + prefix + "." + dashed(link.getReference().toString().replace("#", "")) + "`";
      case TextTree plain -> plain.getBody();
      default -> part.toString();
    };
  }

  private static Optional<String> argument(
      ModifiersTree modifiers, String annotation, String argument) {
    for (AnnotationTree one : modifiers.getAnnotations()) {
      if (one.getAnnotationType().toString().equals(annotation)) {
        for (var given : one.getArguments()) {
          if (given instanceof AssignmentTree named
              && named.getVariable().toString().equals(argument)) {
            return Optional.of(String.valueOf(((LiteralTree) named.getExpression()).getValue()));
          }
          if (given instanceof LiteralTree alone) {
            return Optional.of(String.valueOf(alone.getValue()));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static String dashed(String camelCase) {
    List<String> words = new ArrayList<>();
    for (String word : camelCase.split("(?=[A-Z])", -1)) {
      words.add(word.toLowerCase(Locale.ROOT));
    }
    return String.join("-", words);
  }
}
