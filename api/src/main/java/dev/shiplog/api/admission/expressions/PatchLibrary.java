package dev.shiplog.api.admission.expressions;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/** What expressions that make JSON patches need. */
final class PatchLibrary {

  private PatchLibrary() {}

  static List<CelFunctionDecl> declarations() {
    return List.of(
        CelFunctionDecl.newFunctionDeclaration(
            "jsonpatch.escapeKey",
            CelOverloadDecl.newGlobalOverload(
                "jsonpatch_escape_key", SimpleType.STRING, SimpleType.STRING)));
  }

  static List<CelFunctionBinding> bindings() {
    return List.of(
        CelFunctionBinding.from(
            "jsonpatch_escape_key",
            String.class,
            key -> key.replace("~", "~0").replace("/", "~1")));
  }
}
