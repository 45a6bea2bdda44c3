import { z } from 'zod';

/**
 * eBay's answers as its contract of the Fulfillment API (v1.20.7) and its documentation describe them. Written for the tests
 * alone, apart from the simulator; the fields' names are checked by eBay's own types when the simulator is compiled.
 */
const moment = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const amount = z.strictObject({ value: z.string().regex(/^\d+\.\d{2}$/), currency: z.literal('EUR') });

export const errors = z.strictObject({
  errors: z
    .array(
      z.strictObject({
        errorId: z.int(),
        domain: z.enum(['API_FULFILLMENT', 'ACCESS', 'OAuth']),
        category: z.enum(['REQUEST', 'BUSINESS', 'APPLICATION']),
        message: z.string().min(1),
        longMessage: z.string().min(1),
        parameters: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
      }),
    )
    .length(1),
});

export const fulfillment = z
  .strictObject({
    fulfillmentId: z.string().min(1),
    lineItems: z.array(z.strictObject({ lineItemId: z.string(), quantity: z.int().min(1) })).min(1),
    shipmentTrackingNumber: z.string().regex(/^[A-Za-z0-9]+$/).optional(),
    shippedDate: moment,
    shippingCarrierCode: z.string().optional(),
  })
  .refine((one) => one.shipmentTrackingNumber === undefined || one.fulfillmentId === one.shipmentTrackingNumber, 'the id is the tracking number where there is one');

export const fulfillments = z
  .strictObject({ fulfillments: z.array(fulfillment), total: z.int(), warnings: z.array(z.unknown()) })
  .refine((page) => page.total === page.fulfillments.length);

const lineItem = z.looseObject({
  lineItemId: z.string(),
  legacyItemId: z.string().regex(/^\d{12}$/),
  sku: z.string(),
  title: z.string(),
  quantity: z.int().min(1),
  lineItemCost: amount,
  lineItemFulfillmentStatus: z.enum(['NOT_STARTED', 'FULFILLED', 'IN_PROGRESS']),
  lineItemFulfillmentInstructions: z.looseObject({ shipByDate: moment, minEstimatedDeliveryDate: moment, maxEstimatedDeliveryDate: moment }),
  listingMarketplaceId: z.string(),
  purchaseMarketplaceId: z.string(),
});

const cancelRequest = z.looseObject({
  cancelInitiator: z.literal('BUYER'),
  cancelRequestId: z.string(),
  cancelRequestState: z.enum(['REQUESTED', 'COMPLETED']),
  cancelRequestedDate: moment,
});

export const order = z.looseObject({
  orderId: z.string().regex(/^\d{2}-\d{5}-\d{5}$/),
  creationDate: moment,
  lastModifiedDate: moment,
  orderFulfillmentStatus: z.enum(['NOT_STARTED', 'IN_PROGRESS', 'FULFILLED']),
  orderPaymentStatus: z.enum(['PAID', 'PENDING', 'FAILED', 'PARTIALLY_REFUNDED', 'FULLY_REFUNDED']),
  sellerId: z.string(),
  buyer: z.looseObject({ username: z.string() }),
  pricingSummary: z.looseObject({ priceSubtotal: amount, deliveryCost: amount, total: amount }),
  cancelStatus: z.looseObject({ cancelState: z.enum(['NONE_REQUESTED', 'IN_PROGRESS', 'CANCELED']), cancelRequests: z.array(cancelRequest) }),
  paymentSummary: z.looseObject({ payments: z.array(z.looseObject({ amount, paymentStatus: z.string() })).min(1), refunds: z.array(z.unknown()) }),
  fulfillmentStartInstructions: z
    .array(z.looseObject({ fulfillmentInstructionsType: z.enum(['SHIP_TO', 'DIGITAL', 'PREPARE_FOR_PICKUP', 'FULFILLED_BY_EBAY', 'SELLER_DEFINED']), ebaySupportedFulfillment: z.boolean() }))
    .length(1),
  fulfillmentHrefs: z.array(z.url()),
  lineItems: z.array(lineItem).min(1),
  program: z.looseObject({}).optional(),
  /** Taken out of service in April 2025. */
  legacyOrderId: z.undefined().optional(),
});

/** One page of the list: the requests to cancel are always missing there. */
export const orderPage = z.strictObject({
  href: z.url(),
  total: z.int().min(0),
  limit: z.int().min(1).max(200),
  offset: z.int().min(0),
  next: z.url().optional(),
  prev: z.url().optional(),
  orders: z.array(order.refine((one) => one.cancelStatus.cancelRequests.length === 0, 'the list shows no requests to cancel')),
});

export const userToken = z.strictObject({ access_token: z.string().min(1), expires_in: z.literal(7200), token_type: z.literal('User Access Token') });

export const oauthError = z.strictObject({ error: z.string(), error_description: z.string() });
