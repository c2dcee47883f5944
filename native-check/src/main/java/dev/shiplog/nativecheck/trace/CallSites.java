package dev.shiplog.nativecheck.trace;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Lets classes tell {@link Uses} when they reach something by its name. The JDK's own are left
 * alone, since a native image knows what they do, except those that do it on behalf of others. Safe
 * for use by many threads.
 */
final class CallSites implements ClassFileTransformer {

  private static final List<String> ON_BEHALF =
      List.of("java/util/ServiceLoader", "javax/security/auth/login/LoginContext");

  /** What the virtual machine makes for interfaces, a native image makes beforehand. */
  private static final String PROXIES = "jdk/proxy";

  private static final ClassDesc USES = ClassDesc.of(Uses.class.getName());
  private static final MethodTypeDesc NOTE =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          ConstantDescs.CD_String,
          ConstantDescs.CD_Object,
          ConstantDescs.CD_Object,
          ConstantDescs.CD_Object,
          ConstantDescs.CD_String);

  private final String own;

  /**
   * Watches others.
   *
   * @param own begins the names of what does the watching, as class files have them
   */
  CallSites(String own) {
    this.own = own;
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> before, ProtectionDomain domain, byte[] bytes) {
    if (name == null || !isWanted(loader, name)) {
      return null;
    }
    try {
      ClassFile files = ClassFile.of(hierarchy(loader));
      ClassModel model = files.parse(bytes);
      return reaches(model) ? files.transformClass(model, noting(name.replace('/', '.'))) : null;
    } catch (RuntimeException e) {
      Uses.failed(name, e);
      return null;
    }
  }

  /** From the files of classes: to load more of them meanwhile would change what is watched. */
  private static ClassHierarchyResolverOption hierarchy(ClassLoader loader) {
    ClassLoader from = loader == null ? ClassLoader.getSystemClassLoader() : loader;
    return ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(from).cached());
  }

  private boolean isWanted(ClassLoader loader, String name) {
    boolean isOfTheJdk = loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    return isOfTheJdk
        ? ON_BEHALF.stream().anyMatch(name::startsWith)
        : !name.startsWith(PROXIES) && !name.startsWith(own);
  }

  private static boolean reaches(ClassModel model) {
    return model.methods().stream()
        .flatMap(method -> method.code().stream())
        .flatMap(code -> code.elementStream())
        .anyMatch(element -> reach(element).isPresent());
  }

  private static Optional<Reach> reach(CodeElement element) {
    return element instanceof InvokeInstruction call
        ? Reach.of(call.owner().asInternalName(), call.name().stringValue())
        : Optional.empty();
  }

  private static ClassTransform noting(String caller) {
    return ClassTransform.transformingMethodBodies(
        CodeTransform.ofStateful(() -> {
          ConstantNames names = new ConstantNames();
          return (builder, element) -> {
            Optional<Reach> reach = reach(element).filter(one -> !names.isKnown(one));
            names.passed(element);
            if (reach.isPresent()) {
              note(builder, (InvokeInstruction) element, reach.get(), caller);
            } else {
              builder.with(element);
            }
          };
        }));
  }

  /** The receiver and arguments are put aside, so that they are there after the call as well. */
  private static void note(
      CodeBuilder builder, InvokeInstruction call, Reach reach, String caller) {
    List<ClassDesc> arguments = call.typeSymbol().parameterList();
    int[] slots =
        arguments.stream().mapToInt(type -> builder.allocateLocal(TypeKind.from(type))).toArray();
    for (int i = slots.length - 1; i >= 0; i--) {
      builder.storeLocal(TypeKind.from(arguments.get(i)), slots[i]);
    }
    int receiver =
        call.opcode() == Opcode.INVOKESTATIC ? -1 : builder.allocateLocal(TypeKind.REFERENCE);
    if (receiver >= 0) {
      builder.astore(receiver).aload(receiver);
    }
    IntStream.range(0, slots.length)
        .forEach(i -> builder.loadLocal(TypeKind.from(arguments.get(i)), slots[i]));
    int first = arguments.isEmpty() || arguments.getFirst().isPrimitive() ? -1 : slots[0];
    if (reach.isNotedBefore()) {
      builder.aconst_null();
      tell(builder, reach, receiver, first, caller);
      builder.with(call);
    } else {
      builder.with(call).dup();
      tell(builder, reach, receiver, first, caller);
    }
  }

  /** On the stack is what came of it. */
  private static void tell(
      CodeBuilder builder, Reach reach, int receiver, int first, String caller) {
    int result = builder.allocateLocal(TypeKind.REFERENCE);
    builder.astore(result).loadConstant(reach.name());
    load(builder, receiver);
    load(builder, first);
    builder.aload(result).loadConstant(caller).invokestatic(USES, "note", NOTE);
  }

  private static void load(CodeBuilder builder, int slot) {
    if (slot < 0) {
      builder.aconst_null();
    } else {
      builder.aload(slot);
    }
  }
}
