package dev.shiplog.api.schema.custom;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.shiplog.api.schema.custom.CelFunction.Kind;
import dev.shiplog.api.schema.validation.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Named forms of texts in expressions: {@code !format.dns1123Label().validate(self.name)
 * .hasValue()}.
 */
final class CelFormats {

  private static final OpaqueType TYPE = OpaqueType.create("kubernetes.NamedFormat");
  private static final Kind<Form> FORM = new Kind<>(TYPE, Form.class, "format");
  private static final OptionalType PROBLEMS =
      OptionalType.create(ListType.create(SimpleType.STRING));

  private static final Map<String, Form> FORMS =
      Map.ofEntries(
          Map.entry("dns1123Label", Names::label),
          Map.entry("dns1123Subdomain", Names::subdomain),
          Map.entry("dns1035Label", Names::label1035),
          Map.entry("qualifiedName", Names::qualified),
          Map.entry("dns1123LabelPrefix", text -> Names.label(withoutDash(text))),
          Map.entry("dns1123SubdomainPrefix", text -> Names.subdomain(withoutDash(text))),
          Map.entry("dns1035LabelPrefix", text -> Names.label1035(withoutDash(text))),
          Map.entry("labelValue", Names::labelValue),
          Map.entry("uri", text -> fitting("uri", text)),
          Map.entry("uuid", text -> fitting("uuid", text)),
          Map.entry("byte", text -> fitting("byte", text)),
          Map.entry("date", text -> fitting("date", text)),
          Map.entry("datetime", text -> fitting("datetime", text)));

  private CelFormats() {}

  /** A form. */
  @Immutable
  @FunctionalInterface
  interface Form {
    /** What is wrong with a text; nothing if it has the form. */
    List<String> problems(String text);
  }

  static List<CelFunction> functions() {
    List<CelFunction> functions = new ArrayList<>();
    FORMS.forEach((name, form) -> functions.add(constant(name, form)));
    functions.add(
        CelFunction.global(
            "format.named",
            OptionalType.create(TYPE),
            Kind.TEXT,
            name -> Optional.ofNullable(FORMS.get(name))));
    functions.add(CelFunction.member("validate", PROBLEMS, FORM, Kind.TEXT, CelFormats::problems));
    return functions;
  }

  private static CelFunction constant(String name, Form form) {
    String id = "kubernetes_format_" + name;
    return new CelFunction(
        CelFunctionDecl.newFunctionDeclaration(
            "format." + name, CelOverloadDecl.newGlobalOverload(id, TYPE, List.of())),
        CelFunctionBinding.from(id, List.of(), arguments -> form));
  }

  private static Optional<List<String>> problems(Form form, String text) {
    return Optional.of(form.problems(text)).filter(problems -> !problems.isEmpty());
  }

  /** What a name may begin with may end with a dash. */
  private static String withoutDash(String prefix) {
    return prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) : prefix;
  }

  private static List<String> fitting(String format, String text) {
    return Formats.fits(format, text) ? List.of() : List.of("must be a valid " + format);
  }
}
