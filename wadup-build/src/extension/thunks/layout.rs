//! What CPython calls, as data: where its structures keep functions on wasm32, and how it calls each.
//!
//! It fits every series in the table of releases.

/// The parameters with which CPython calls a function, all of them `i32`, and whether it reads a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) parameters: usize,
    pub(super) returns: bool,
}

/// A function of that many parameters that returns an object or an `int`.
const fn value(parameters: usize) -> Field {
    Field::Function(Call {
        parameters,
        returns: true,
    })
}

/// A function of that many parameters that returns nothing.
const fn nothing(parameters: usize) -> Field {
    Field::Function(Call {
        parameters,
        returns: false,
    })
}

/// What a structure holds at one place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Field {
    /// A pointer to a C string.
    Name,
    /// A number.
    Number,
    /// A pointer to data, or null.
    Data,
    /// A function, or null.
    Function(Call),
    /// A pointer to a table, or null.
    Table(Table),
}

/// Something that CPython reads functions from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    Structure(&'static Structure),
    /// `PyMethodDef`s, up to one without name.
    Methods,
    /// `PyGetSetDef`s, up to one without name.
    GetSets,
    /// Pairs of a slot's number and its value, up to number 0.
    Slots(&'static [Slot]),
}

impl Table {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Structure(structure) => structure.name,
            Self::Methods => "PyMethodDef",
            Self::GetSets => "PyGetSetDef",
            Self::Slots(slots) => match slots {
                [(1, "Py_mod_create", _), ..] => "PyModuleDef_Slot",
                _ => "PyType_Slot",
            },
        }
    }
}

/// Number, name and value of a slot.
pub(super) type Slot = (u32, &'static str, Field);

/// A C structure with those of its fields that tell it from others, each by offset and name.
#[derive(Debug)]
pub(super) struct Structure {
    pub(super) name: &'static str,
    pub(super) size: u32,
    pub(super) fields: &'static [(u32, &'static str, Field)],
}

use Field::{Data, Name, Number};

/// The reference count that `PyObject_HEAD_INIT` gives on 32 bits.
pub(super) const IMMORTAL: u32 = 0x3fff_ffff;

pub(super) const TYPE: Structure = Structure {
    name: "PyTypeObject",
    size: 208,
    fields: &[
        (0, "ob_refcnt", Number),
        (4, "ob_type", Data),
        (8, "ob_size", Number),
        (12, "tp_name", Name),
        (16, "tp_basicsize", Number),
        (20, "tp_itemsize", Number),
        (24, "tp_dealloc", nothing(1)),
        (28, "tp_vectorcall_offset", Number),
        (32, "tp_getattr", value(2)),
        (36, "tp_setattr", value(3)),
        (40, "tp_as_async", Field::Table(Table::Structure(&ASYNC))),
        (44, "tp_repr", value(1)),
        (48, "tp_as_number", Field::Table(Table::Structure(&NUMBER))),
        (
            52,
            "tp_as_sequence",
            Field::Table(Table::Structure(&SEQUENCE)),
        ),
        (
            56,
            "tp_as_mapping",
            Field::Table(Table::Structure(&MAPPING)),
        ),
        (60, "tp_hash", value(1)),
        (64, "tp_call", value(3)),
        (68, "tp_str", value(1)),
        (72, "tp_getattro", value(2)),
        (76, "tp_setattro", value(3)),
        (80, "tp_as_buffer", Field::Table(Table::Structure(&BUFFER))),
        (84, "tp_flags", Number),
        (88, "tp_doc", Data),
        (92, "tp_traverse", value(3)),
        (96, "tp_clear", value(1)),
        (100, "tp_richcompare", value(3)),
        (104, "tp_weaklistoffset", Number),
        (108, "tp_iter", value(1)),
        (112, "tp_iternext", value(1)),
        (116, "tp_methods", Field::Table(Table::Methods)),
        (120, "tp_members", Data),
        (124, "tp_getset", Field::Table(Table::GetSets)),
        (128, "tp_base", Data),
        (132, "tp_dict", Data),
        (136, "tp_descr_get", value(3)),
        (140, "tp_descr_set", value(3)),
        (144, "tp_dictoffset", Number),
        (148, "tp_init", value(3)),
        (152, "tp_alloc", value(2)),
        (156, "tp_new", value(3)),
        (160, "tp_free", nothing(1)),
        (164, "tp_is_gc", value(1)),
        (168, "tp_bases", Data),
        (172, "tp_mro", Data),
        (176, "tp_cache", Data),
        (180, "tp_subclasses", Data),
        (184, "tp_weaklist", Data),
        (188, "tp_del", nothing(1)),
        (192, "tp_version_tag", Number),
        (196, "tp_finalize", nothing(1)),
        (200, "tp_vectorcall", value(4)),
        (204, "tp_watched", Number),
    ],
};

pub(super) const MODULE: Structure = Structure {
    name: "PyModuleDef",
    size: 52,
    fields: &[
        (0, "ob_refcnt", Number),
        (4, "ob_type", Data),
        (8, "m_init", Number),
        (12, "m_index", Number),
        (16, "m_copy", Number),
        (20, "m_name", Name),
        (24, "m_doc", Data),
        (28, "m_size", Number),
        (32, "m_methods", Field::Table(Table::Methods)),
        (36, "m_slots", Field::Table(Table::Slots(MODULE_SLOTS))),
        (40, "m_traverse", value(3)),
        (44, "m_clear", value(1)),
        (48, "m_free", nothing(1)),
    ],
};

pub(super) const SPEC: Structure = Structure {
    name: "PyType_Spec",
    size: 20,
    fields: &[
        (0, "name", Name),
        (4, "basicsize", Number),
        (8, "itemsize", Number),
        (12, "flags", Number),
        (16, "slots", Field::Table(Table::Slots(TYPE_SLOTS))),
    ],
};

const ASYNC: Structure = Structure {
    name: "PyAsyncMethods",
    size: 16,
    fields: &[
        (0, "am_await", value(1)),
        (4, "am_aiter", value(1)),
        (8, "am_anext", value(1)),
        (12, "am_send", value(3)),
    ],
};

const NUMBER: Structure = Structure {
    name: "PyNumberMethods",
    size: 144,
    fields: &[
        (0, "nb_add", value(2)),
        (4, "nb_subtract", value(2)),
        (8, "nb_multiply", value(2)),
        (12, "nb_remainder", value(2)),
        (16, "nb_divmod", value(2)),
        (20, "nb_power", value(3)),
        (24, "nb_negative", value(1)),
        (28, "nb_positive", value(1)),
        (32, "nb_absolute", value(1)),
        (36, "nb_bool", value(1)),
        (40, "nb_invert", value(1)),
        (44, "nb_lshift", value(2)),
        (48, "nb_rshift", value(2)),
        (52, "nb_and", value(2)),
        (56, "nb_xor", value(2)),
        (60, "nb_or", value(2)),
        (64, "nb_int", value(1)),
        // 68 is reserved.
        (72, "nb_float", value(1)),
        (76, "nb_inplace_add", value(2)),
        (80, "nb_inplace_subtract", value(2)),
        (84, "nb_inplace_multiply", value(2)),
        (88, "nb_inplace_remainder", value(2)),
        (92, "nb_inplace_power", value(3)),
        (96, "nb_inplace_lshift", value(2)),
        (100, "nb_inplace_rshift", value(2)),
        (104, "nb_inplace_and", value(2)),
        (108, "nb_inplace_xor", value(2)),
        (112, "nb_inplace_or", value(2)),
        (116, "nb_floor_divide", value(2)),
        (120, "nb_true_divide", value(2)),
        (124, "nb_inplace_floor_divide", value(2)),
        (128, "nb_inplace_true_divide", value(2)),
        (132, "nb_index", value(1)),
        (136, "nb_matrix_multiply", value(2)),
        (140, "nb_inplace_matrix_multiply", value(2)),
    ],
};

const SEQUENCE: Structure = Structure {
    name: "PySequenceMethods",
    size: 40,
    fields: &[
        (0, "sq_length", value(1)),
        (4, "sq_concat", value(2)),
        (8, "sq_repeat", value(2)),
        (12, "sq_item", value(2)),
        // 16 is what was sq_slice.
        (20, "sq_ass_item", value(3)),
        // 24 is what was sq_ass_slice.
        (28, "sq_contains", value(2)),
        (32, "sq_inplace_concat", value(2)),
        (36, "sq_inplace_repeat", value(2)),
    ],
};

const MAPPING: Structure = Structure {
    name: "PyMappingMethods",
    size: 12,
    fields: &[
        (0, "mp_length", value(1)),
        (4, "mp_subscript", value(2)),
        (8, "mp_ass_subscript", value(3)),
    ],
};

const BUFFER: Structure = Structure {
    name: "PyBufferProcs",
    size: 8,
    fields: &[
        (0, "bf_getbuffer", value(3)),
        (4, "bf_releasebuffer", nothing(2)),
    ],
};

const MODULE_SLOTS: &[Slot] = &[
    (1, "Py_mod_create", value(2)),
    (2, "Py_mod_exec", value(1)),
    (3, "Py_mod_multiple_interpreters", Number),
    (4, "Py_mod_gil", Number),
];

/// The numbers of typeslots.h, which are part of the stable ABI.
pub(super) const TYPE_SLOTS: &[Slot] = &[
    (1, "Py_bf_getbuffer", value(3)),
    (2, "Py_bf_releasebuffer", nothing(2)),
    (3, "Py_mp_ass_subscript", value(3)),
    (4, "Py_mp_length", value(1)),
    (5, "Py_mp_subscript", value(2)),
    (6, "Py_nb_absolute", value(1)),
    (7, "Py_nb_add", value(2)),
    (8, "Py_nb_and", value(2)),
    (9, "Py_nb_bool", value(1)),
    (10, "Py_nb_divmod", value(2)),
    (11, "Py_nb_float", value(1)),
    (12, "Py_nb_floor_divide", value(2)),
    (13, "Py_nb_index", value(1)),
    (14, "Py_nb_inplace_add", value(2)),
    (15, "Py_nb_inplace_and", value(2)),
    (16, "Py_nb_inplace_floor_divide", value(2)),
    (17, "Py_nb_inplace_lshift", value(2)),
    (18, "Py_nb_inplace_multiply", value(2)),
    (19, "Py_nb_inplace_or", value(2)),
    (20, "Py_nb_inplace_power", value(3)),
    (21, "Py_nb_inplace_remainder", value(2)),
    (22, "Py_nb_inplace_rshift", value(2)),
    (23, "Py_nb_inplace_subtract", value(2)),
    (24, "Py_nb_inplace_true_divide", value(2)),
    (25, "Py_nb_inplace_xor", value(2)),
    (26, "Py_nb_int", value(1)),
    (27, "Py_nb_invert", value(1)),
    (28, "Py_nb_lshift", value(2)),
    (29, "Py_nb_multiply", value(2)),
    (30, "Py_nb_negative", value(1)),
    (31, "Py_nb_or", value(2)),
    (32, "Py_nb_positive", value(1)),
    (33, "Py_nb_power", value(3)),
    (34, "Py_nb_remainder", value(2)),
    (35, "Py_nb_rshift", value(2)),
    (36, "Py_nb_subtract", value(2)),
    (37, "Py_nb_true_divide", value(2)),
    (38, "Py_nb_xor", value(2)),
    (39, "Py_sq_ass_item", value(3)),
    (40, "Py_sq_concat", value(2)),
    (41, "Py_sq_contains", value(2)),
    (42, "Py_sq_inplace_concat", value(2)),
    (43, "Py_sq_inplace_repeat", value(2)),
    (44, "Py_sq_item", value(2)),
    (45, "Py_sq_length", value(1)),
    (46, "Py_sq_repeat", value(2)),
    (47, "Py_tp_alloc", value(2)),
    (48, "Py_tp_base", Data),
    (49, "Py_tp_bases", Data),
    (50, "Py_tp_call", value(3)),
    (51, "Py_tp_clear", value(1)),
    (52, "Py_tp_dealloc", nothing(1)),
    (53, "Py_tp_del", nothing(1)),
    (54, "Py_tp_descr_get", value(3)),
    (55, "Py_tp_descr_set", value(3)),
    (56, "Py_tp_doc", Data),
    (57, "Py_tp_getattr", value(2)),
    (58, "Py_tp_getattro", value(2)),
    (59, "Py_tp_hash", value(1)),
    (60, "Py_tp_init", value(3)),
    (61, "Py_tp_is_gc", value(1)),
    (62, "Py_tp_iter", value(1)),
    (63, "Py_tp_iternext", value(1)),
    (64, "Py_tp_methods", Field::Table(Table::Methods)),
    (65, "Py_tp_new", value(3)),
    (66, "Py_tp_repr", value(1)),
    (67, "Py_tp_richcompare", value(3)),
    (68, "Py_tp_setattr", value(3)),
    (69, "Py_tp_setattro", value(3)),
    (70, "Py_tp_str", value(1)),
    (71, "Py_tp_traverse", value(3)),
    (72, "Py_tp_members", Data),
    (73, "Py_tp_getset", Field::Table(Table::GetSets)),
    (74, "Py_tp_free", nothing(1)),
    (75, "Py_nb_matrix_multiply", value(2)),
    (76, "Py_nb_inplace_matrix_multiply", value(2)),
    (77, "Py_am_await", value(1)),
    (78, "Py_am_aiter", value(1)),
    (79, "Py_am_anext", value(1)),
    (80, "Py_tp_finalize", nothing(1)),
    (81, "Py_am_send", value(3)),
];

/// Where a `PyMethodDef` keeps its parts, and how long it is.
pub(super) mod method {
    pub(in super::super) const FUNCTION: u32 = 4;
    pub(in super::super) const FLAGS: u32 = 8;
    pub(in super::super) const DOC: u32 = 12;
    pub(in super::super) const SIZE: u32 = 16;
}

/// The same of a `PyGetSetDef`.
pub(super) mod getset {
    use super::{Field, value};

    pub(in super::super) const FUNCTIONS: [(u32, &str, Field); 2] =
        [(4, "getter", value(2)), (8, "setter", value(3))];
    pub(in super::super) const SIZE: u32 = 20;
}

/// `METH_CLASS`, `METH_STATIC` and `METH_COEXIST` change what is passed as self, and not how many parameters there are.
const NO_PARAMETERS: u32 = 0x10 | 0x20 | 0x40;

/// How CPython calls a method with these flags; none for flags that it refuses (C API, "Common Object Structures").
pub(super) fn call_of_method(flags: u32) -> Option<Call> {
    let parameters = match flags & !NO_PARAMETERS {
        // METH_VARARGS, METH_NOARGS, METH_O
        0x1 | 0x4 | 0x8 => 2,
        // METH_VARARGS | METH_KEYWORDS, METH_FASTCALL
        0x3 | 0x80 => 3,
        // METH_FASTCALL | METH_KEYWORDS
        0x82 => 4,
        // METH_METHOD | METH_FASTCALL | METH_KEYWORDS
        0x282 => 5,
        _ => return None,
    };
    Some(Call {
        parameters,
        returns: true,
    })
}
