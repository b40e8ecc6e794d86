use super::*;

struct Plain {
    count: usize,
    chosen: Option<usize>,
}

impl Rows for Plain {
    fn len(&self) -> usize {
        self.count
    }

    fn row_height(&self) -> i32 {
        52
    }

    fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    fn choose(&mut self, index: usize) {
        self.chosen = Some(index);
    }

    fn name(&self) -> String {
        String::new()
    }

    fn label(&self, _: usize) -> String {
        String::new()
    }

    fn key(&self, index: usize) -> u64 {
        index as u64
    }

    fn paint(&self, _: usize, _: Rect, _: RowLook) {}

    fn paint_edge(&self, _: Rect) {}
}

fn list(count: usize, chosen: Option<usize>) -> Inner<Plain> {
    Inner { rows: Plain { count, chosen }, scroll: Scroll::default(), hovered: None }
}

#[test]
fn keys_always_act_upon_a_row_that_is_there() {
    for (count, chosen, expected) in [(0, None, None), (3, None, Some(0)), (3, Some(2), Some(2))] {
        assert_eq!(list(count, chosen).current(), expected);
    }
}
