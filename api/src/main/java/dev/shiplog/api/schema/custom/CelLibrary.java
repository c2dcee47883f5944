package dev.shiplog.api.schema.custom;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** CEL with the functions that Kubernetes offers beyond the language's own. */
public final class CelLibrary {

  /** Bounds a rule over lists inside lists; such a rule fails, and the server lives. */
  private static final int MOST_ITERATIONS = 1_000_000;

  private static final CelOptions OPTIONS =
      CelOptions.current().comprehensionMaxIterations(MOST_ITERATIONS).build();

  private static final TypeParamType ITEM = TypeParamType.create("T");
  private static final ListType LIST = ListType.create(ITEM);
  private static final ListType ANYTHING = ListType.create(SimpleType.DYN);

  /** Functions on types that only Kubernetes has. */
  private static final List<CelFunction> FURTHER =
      Stream.of(
              CelQuantities.functions(),
              CelAddresses.functions(),
              CelUrls.functions(),
              CelVersions.functions(),
              CelFormats.functions())
          .flatMap(List::stream)
          .toList();

  private CelLibrary() {}

  /** An environment in which nothing is declared yet. */
  public static CelBuilder builder() {
    return CelFactory.legacyCelBuilder()
        .setOptions(OPTIONS)
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .addCompilerLibraries(
            CelExtensions.strings(),
            CelExtensions.optional(),
            CelExtensions.sets(OPTIONS),
            CelExtensions.bindings())
        .addRuntimeLibraries(
            CelExtensions.strings(), CelExtensions.optional(), CelExtensions.sets(OPTIONS))
        .addFunctionDeclarations(declarations())
        .addFunctionBindings(bindings())
        .addFunctionDeclarations(
            FURTHER.stream().map(CelFunction::declaration).toArray(CelFunctionDecl[]::new))
        .addFunctionBindings(
            FURTHER.stream().map(CelFunction::binding).toArray(CelFunctionBinding[]::new));
  }

  /** An environment for what was compiled elsewhere. */
  static Cel runtime() {
    return builder().build();
  }

  private static List<CelFunctionDecl> declarations() {
    return List.of(
        member("isSorted", "list_is_sorted", SimpleType.BOOL, LIST),
        member("sum", "list_sum", ITEM, LIST),
        member("min", "list_min", ITEM, LIST),
        member("max", "list_max", ITEM, LIST),
        CelFunctionDecl.newFunctionDeclaration(
            "indexOf",
            CelOverloadDecl.newMemberOverload("list_index_of", SimpleType.INT, LIST, ITEM)),
        CelFunctionDecl.newFunctionDeclaration(
            "lastIndexOf",
            CelOverloadDecl.newMemberOverload("list_last_index_of", SimpleType.INT, LIST, ITEM)),
        CelFunctionDecl.newFunctionDeclaration(
            "find",
            CelOverloadDecl.newMemberOverload(
                "string_find", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING)),
        CelFunctionDecl.newFunctionDeclaration(
            "findAll",
            CelOverloadDecl.newMemberOverload(
                "string_find_all",
                ListType.create(SimpleType.STRING),
                SimpleType.STRING,
                SimpleType.STRING)),
        CelFunctionDecl.newFunctionDeclaration(
            "format",
            CelOverloadDecl.newMemberOverload(
                "string_format", SimpleType.STRING, SimpleType.STRING, ANYTHING)));
  }

  private static CelFunctionDecl member(
      String name, String id, dev.cel.common.types.CelType result, ListType of) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newMemberOverload(id, result, of));
  }

  private static List<CelFunctionBinding> bindings() {
    return List.of(
        CelFunctionBinding.from("list_is_sorted", List.class, CelLibrary::isSorted),
        CelFunctionBinding.from("list_sum", List.class, CelLibrary::sum),
        CelFunctionBinding.from("list_min", List.class, list -> extreme(list, -1)),
        CelFunctionBinding.from("list_max", List.class, list -> extreme(list, 1)),
        CelFunctionBinding.from(
            "list_index_of", List.class, Object.class, (list, item) -> index(list, item, false)),
        CelFunctionBinding.from(
            "list_last_index_of",
            List.class,
            Object.class,
            (list, item) -> index(list, item, true)),
        CelFunctionBinding.from(
            "string_find",
            String.class,
            String.class,
            (text, pattern) -> findAll(text, pattern).stream().findFirst().orElse("")),
        CelFunctionBinding.from("string_find_all", String.class, String.class, CelLibrary::findAll),
        CelFunctionBinding.from("string_format", String.class, List.class, CelLibrary::format));
  }

  private static boolean isSorted(List<?> list) {
    for (int i = 1; i < list.size(); i++) {
      if (compare(list.get(i - 1), list.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Object sum(List<?> list) {
    boolean real = list.stream().anyMatch(Double.class::isInstance);
    if (real) {
      return list.stream().mapToDouble(item -> ((Number) item).doubleValue()).sum();
    }
    return list.stream().mapToLong(item -> ((Number) item).longValue()).reduce(0, Math::addExact);
  }

  private static Object extreme(List<?> list, int sign) {
    Object best = null;
    for (Object item : list) {
      if (best == null || compare(item, best) * sign > 0) {
        best = item;
      }
    }
    if (best == null) {
      throw new IllegalArgumentException("min or max called on an empty list");
    }
    return best;
  }

  @SuppressWarnings("unchecked") // items of one list have one type, and an order
  private static int compare(Object one, Object other) {
    return ((Comparable<Object>) one).compareTo(other);
  }

  private static long index(List<?> list, Object item, boolean last) {
    long found = -1;
    for (int i = 0; i < list.size(); i++) {
      if (Objects.equals(list.get(i), item)) {
        found = i;
        if (!last) {
          break;
        }
      }
    }
    return found;
  }

  private static List<String> findAll(String text, String pattern) {
    List<String> found = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  /** Of the verbs those that messages are made with. */
  private static String format(String template, List<?> arguments) {
    StringBuilder out = new StringBuilder();
    int next = 0;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c != '%' || i + 1 == template.length()) {
        out.append(c);
        continue;
      }
      char verb = template.charAt(++i);
      if (verb == '%') {
        out.append('%');
      } else if (next < arguments.size()) {
        out.append(arguments.get(next++));
      }
    }
    return out.toString();
  }
}
