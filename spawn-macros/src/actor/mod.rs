//! `#[actor]`: parse, check, generate.

mod check;
mod generate;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Sink;
use crate::hints;
use crate::util::strip;

pub(crate) fn expand(arguments: TokenStream, item: TokenStream, sink: &mut Sink) -> TokenStream {
    let Some(block) = parse::block(item.clone(), sink) else {
        return strip::helpers(item);
    };
    let hints = hints::of_actor(arguments.clone(), block.lists_of_actions());
    let arguments = parse::arguments(arguments, sink);
    let actor = check::check(&block, &arguments, sink);
    let generated = generate::generate(&actor, sink.is_empty(), &hints);
    quote!(#block #generated)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use crate::pipeline;

    /// What the compiler sees of a small actor. Read it as a stranger when it changes: it is to be thin, and to name nothing that the
    /// user could have shadowed.
    #[test]
    fn a_small_actor_expands_to_little() {
        let arguments = quote!(name = "till", channels = [("shop.*", book)]);
        let block = quote! {
            impl Till {
                /// Takes money.
                #[action]
                pub fn pay(&mut self, amount: i64) -> Value<i64> {
                    self.total += amount;
                    Value::from(self.total)
                }

                #[action]
                async fn book(&self, ctx: &Context, event: Paid) {}
            }
        };
        let expanded = pipeline::run(arguments, block, super::expand);
        let file = syn::parse2(expanded).unwrap();
        insta::assert_snapshot!(prettyplease::unparse(&file));
    }
}
