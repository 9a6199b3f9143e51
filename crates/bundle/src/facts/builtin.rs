//! Classes of PHP that others extend. Which ones there are depends on the extensions:
//! these are there in each PHP.

/// Whether a class, in lower case, is there before any code runs.
pub(crate) fn is_builtin(name: &[u8]) -> bool {
    BUILTIN.contains(&name)
}

const BUILTIN: &[&[u8]] = &[
    b"arrayiterator",
    b"arrayobject",
    b"badfunctioncallexception",
    b"badmethodcallexception",
    b"cachingiterator",
    b"datetime",
    b"datetimezone",
    b"directoryiterator",
    b"domainexception",
    b"errorexception",
    b"exception",
    b"filteriterator",
    b"invalidargumentexception",
    b"iteratoriterator",
    b"lengthexception",
    b"limititerator",
    b"logicexception",
    b"outofboundsexception",
    b"outofrangeexception",
    b"overflowexception",
    b"php_user_filter",
    b"rangeexception",
    b"recursivearrayiterator",
    b"recursivedirectoryiterator",
    b"recursivefilteriterator",
    b"recursiveiteratoriterator",
    b"reflectionclass",
    b"reflectionexception",
    b"reflectionfunction",
    b"reflectionmethod",
    b"reflectionobject",
    b"reflectionparameter",
    b"reflectionproperty",
    b"runtimeexception",
    b"splfileinfo",
    b"splfileobject",
    b"splobjectstorage",
    b"stdclass",
    b"underflowexception",
    b"unexpectedvalueexception",
];
