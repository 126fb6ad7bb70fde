//! An enumeration of what Python knows by a name: variants and names in one table.

/// Declares an enumeration whose variants have a `name`: `Variant = "name"`. `ALL` has each variant at its number.
macro_rules! named {
    ($(#[$about:meta])* pub enum $Named:ident { $($(#[$each:meta])* $Variant:ident = $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum $Named {
            $($(#[$each])* $Variant,)*
        }

        #[allow(dead_code, reason = "not every one of them is walked through")]
        impl $Named {
            pub const COUNT: usize = [$($name),*].len();
            pub const ALL: [Self; Self::COUNT] = [$(Self::$Variant),*];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$Variant => $name,)*
                }
            }
        }
    };
}

pub(crate) use named;
